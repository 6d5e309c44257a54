import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createToldWaits, growingWaitMs, namedWaitMs } from "../../src/lib/named-wait.ts";

const DAY_MS = 24 * 3_600_000;

it.each([
  ["nothing", undefined, undefined],
  ["zero", 0, undefined],
  ["a time that has passed", -5000, undefined],
  ["no number", Number.NaN, undefined],
  ["for ever", Number.POSITIVE_INFINITY, undefined],
  ["a hundredth of a second", 10, 1000],
  ["a fraction", 1500.2, 1501],
  ["a minute", 60_000, 60_000],
  ["a day", DAY_MS, DAY_MS],
  ["a thousand years", 1000 * 365 * DAY_MS, 2 * DAY_MS],
])("a far end that names %s", (_what, named, used) => expect(namedWaitMs(named)).toBe(used));

it("whatever is named, who asks again and again asks less and less", () => {
  const anyNumber = fc.oneof(fc.double(), fc.integer({ min: -10, max: 10 }), fc.constant(undefined));
  fc.assert(
    fc.property(fc.array(anyNumber, { minLength: 1, maxLength: 60 }), (named) => {
      const waits = named.map((each, at) => growingWaitMs(each, at + 1, { firstMs: 100, longestMs: 10_000 }));
      const wholeMs = waits.reduce((sum, each) => sum + each, 0);
      // 100 ms, 200 ms … 6.4 s, then 10 s each: never more questions than this in so much time.
      const leastMs = named.reduce<number>((sum, _each, at) => sum + Math.min(10_000, 100 * 2 ** at), 0);
      expect(wholeMs).toBeGreaterThanOrEqual(leastMs);
      for (const each of waits) expect(each).toSatisfy((ms: number) => ms >= 100 && ms <= 2 * DAY_MS);
    }),
  );
});

describe("what a library is told to wait", () => {
  it("grows for each thing asked by itself, until there is an answer", () => {
    const waits = createToldWaits({ firstMs: 100, longestMs: 300 });
    expect([1, 2, 3, 4].map(() => waits.told("a", 0))).toEqual([100, 200, 300, 300]);
    expect(waits.told("b", 0)).toBe(100);
    waits.answered("a");
    expect(waits.told("a", undefined)).toBe(100);
    expect(waits.told("a", 5000)).toBe(5000);
  });
});
