import { expect, it } from "vitest";
import { trimEndOf } from "../../src/lib/text.ts";
import { cpuMsOf } from "../cpu-time.ts";
import { atThisPaceMs } from "../pace.ts";

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
  // A pattern takes minutes for this one.
  expect(cpuMsOf(() => expect(trimEndOf(text, ".")).toBe(text))).toBeLessThan(atThisPaceMs(500));
});
