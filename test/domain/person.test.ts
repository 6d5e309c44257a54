import fc from "fast-check";
import { expect, test } from "vitest";
import { type Bucket, refilled } from "../../src/domain/ledger.ts";
import { joinedBucket, partedBuckets } from "../../src/domain/person.ts";
import { HOUR_MS, T0 } from "../stores/contract/inputs.ts";
import { allowances } from "./allowances.ts";

const LIMIT = { capacityGpuMs: 300, refillGpuMsPerHour: 6, resetMs: 24 * HOUR_MS };
const bucket = (balanceGpuMs: number, resetAtMs?: number): Bucket => ({
  balanceGpuMs,
  atMs: T0,
  ...(resetAtMs === undefined ? {} : { resetAtMs }),
});

test.each([
  ["the smaller of both", 200, 120, 120],
  ["nothing, where one has nothing", 300, 0, 0],
  ["a debt that the other does not pay", -40, 300, -40],
  ["both debts", -40, -5, -45],
])("joined is %s", (_, one, other, joint) => {
  for (const [a, b] of [
    [one, other],
    [other, one],
  ] as const)
    expect(joinedBucket(bucket(a, T0 + 1), bucket(b, T0 + 9), LIMIT, T0)).toEqual(bucket(joint, T0 + 9));
});

test("an untouched one counts as full, and two untouched ones stay so", () => {
  expect(joinedBucket(undefined, bucket(7, T0 + 9), LIMIT, T0)).toEqual(bucket(7, T0 + 9));
  expect(joinedBucket(undefined, undefined, LIMIT, T0)).toBeUndefined();
});

test("parted are halves, of a debt and of what is untouched, too, and all of it comes back", () => {
  expect(partedBuckets(bucket(7, T0 + 9), LIMIT, T0)).toEqual({
    stays: bucket(4, T0 + 9),
    leaves: bucket(3, T0 + 9),
  });
  expect(partedBuckets(bucket(-7, T0 + 9), LIMIT, T0)).toEqual({
    stays: bucket(-3, T0 + 9),
    leaves: bucket(-4, T0 + 9),
  });
  const halves = bucket(150, T0 + 24 * HOUR_MS);
  expect(partedBuckets(undefined, LIMIT, T0)).toEqual({ stays: halves, leaves: halves });
});

const buckets = fc.option(
  fc.record({
    balanceGpuMs: fc.integer({ min: -100_000, max: 100_000 }),
    atMs: fc.integer({ min: T0 - 48 * HOUR_MS, max: T0 + HOUR_MS }),
    resetAtMs: fc.integer({ min: T0 - HOUR_MS, max: T0 + 48 * HOUR_MS }),
  }),
  { nil: undefined },
);

test("whatever is joined and parted, now or later, nobody can spend more than without it", () => {
  fc.assert(
    fc.property(buckets, buckets, allowances, fc.nat(72 * HOUR_MS), (a, b, allowance, laterMs) => {
      const spendable = (found: readonly (Bucket | undefined)[], nowMs: number) =>
        found
          .map((each) => (each ? refilled(each, allowance, nowMs).balanceGpuMs : allowance.capacityGpuMs))
          .reduce((sum, balanceGpuMs) => sum + Math.max(0, balanceGpuMs), 0);
      const joint = joinedBucket(a, b, allowance, T0);
      const { stays, leaves } = partedBuckets(joint, allowance, T0);
      for (const nowMs of [T0, T0 + laterMs]) {
        expect(spendable([joint], nowMs)).toBeLessThanOrEqual(spendable([a, b], nowMs));
        expect(spendable([stays, leaves], nowMs)).toBeLessThanOrEqual(spendable([a, b], nowMs));
      }
      expect(spendable([stays, leaves], T0)).toBe(spendable([joint], T0));
    }),
    { numRuns: 300 },
  );
});
