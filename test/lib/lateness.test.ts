import { expect, it } from "vitest";
import { createLateness } from "../../src/lib/lateness.ts";

it.each([0, 3_600_000, -3_600_000])("a clock that is %d ms ahead makes nothing late, and hides nothing", (aheadMs) => {
  const isLate = createLateness(3000);
  const read = (sentAtMs: number, nowMs: number) => isLate(sentAtMs, nowMs + aheadMs);
  expect(read(10_000, 10_200)).toBe(false);
  expect(read(11_000, 14_200)).toBe(false);
  expect(read(11_000, 14_201)).toBe(true);
  expect(read(20_000, 20_100)).toBe(false);
});
