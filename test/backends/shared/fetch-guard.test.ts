import { expect, it } from "vitest";
import { mayFetch } from "../../../src/backends/shared/fetch-guard.ts";

it.each([
  ["https://v3.fal.media/a.png", "https://router.huggingface.co", true],
  ["http://v3.fal.media/a.png", "https://router.huggingface.co", false],
  ["https://192.168.1.1/admin.png", "https://router.huggingface.co", false],
  ["http://127.0.0.1:8188/view", "https://a-b.hf.space", false],
  ["https://printer.local/x", "https://a-b.hf.space", false],
  ["http://horde.example/x.webp", "http://horde.example/api/v2", true],
  ["http://horde.example:81/x.webp", "http://horde.example/api/v2", false],
  ["http://192.168.1.9:9000/x.png", "http://192.168.1.5:7860", true],
  ["file:///etc/passwd", "http://192.168.1.5:7860", false],
  ["not an address", "https://a-b.hf.space", false],
])("%s, named by %s: %s", (address, serverUrl, may) => expect(mayFetch(address, serverUrl)).toBe(may));
