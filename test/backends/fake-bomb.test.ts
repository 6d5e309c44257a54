import sharp from "sharp";
import { expect, it } from "vitest";
import { fakeBackend } from "../../src/backends/fake.ts";
import type { BackendEvent } from "../../src/ports/backend.ts";
import { someRequest, someStyle } from "../contracts/backend.ts";

it("the fake's bomb is a small file of 400 million pixels that does not decode within limits", async () => {
  const input = { request: someRequest, style: someStyle, signal: AbortSignal.timeout(20_000) };
  const events = await Array.fromAsync<BackendEvent>(fakeBackend({ mood: "bomb" }).generate(input));
  const image = events.find((event) => event.type === "image");
  const bytes = image?.bytes ?? new Uint8Array();
  expect(bytes.length).toBeGreaterThan(0);
  expect(bytes.length).toBeLessThan(1_000_000);
  await expect(sharp(bytes, { limitInputPixels: 16_000_000 }).raw().toBuffer()).rejects.toThrow();
  expect(await sharp(bytes, { limitInputPixels: false }).metadata()).toMatchObject({ width: 20_000, height: 20_000 });
});
