import { expect, it } from "vitest";
import { holdsText, sizeText, stampOf } from "../../src/cli/copies/folders.ts";

it.each([
  [0, "0 bytes"],
  [999, "999 bytes"],
  [1000, "1.0 kB"],
  [311_249_000, "311.2 MB"],
  [5e15, "5000.0 TB"],
])("%i bytes are %s", (bytes, text) => expect(sizeText(bytes)).toBe(text));

it("names a copy by its time here, and says what is in it", () => {
  expect(stampOf(new Date(2026, 0, 2, 3, 4, 5).getTime())).toBe("2026-01-02-030405");
  expect(holdsText({ madeAtMs: 0, pictures: 1, files: 1, bytes: 7 })).toBe("1 picture, 1 file, 7 bytes");
});
