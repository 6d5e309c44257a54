import { expect, it } from "vitest";
import { trimEndOf } from "../../src/lib/text.ts";

it.each([
  ["red,;.", "red"],
  ["a.b", "a.b"],
  ["...", ""],
  ["", ""],
  [" x. ", " x. "],
])("%j without what ends it is %j", (text, trimmed) => {
  expect(trimEndOf(text, ",;.")).toBe(trimmed);
});

it("takes no longer for a text made to be slow", () => {
  const text = `${".".repeat(300_000)}x`;
  const startMs = performance.now();
  expect(trimEndOf(text, ".")).toBe(text);
  // A pattern takes minutes for this one.
  expect(performance.now() - startMs).toBeLessThan(500);
});
