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

type Limit = Pick<typeof LIMIT, "capacityGpuMs" | "refillGpuMsPerHour" | "resetMs">;
const known = (each: Bucket | undefined, { capacityGpuMs }: Limit): Bucket =>
  each ?? { balanceGpuMs: capacityGpuMs, atMs: T0 };
const sum = (parts: readonly number[]) => parts.reduce((total, part) => total + Math.max(0, part), 0);
/** What may be spent at one moment. */
const spendable = (found: readonly (Bucket | undefined)[], limit: Limit, nowMs: number) =>
  sum(found.map((each) => refilled(known(each, limit), limit, nowMs).balanceGpuMs));
/** What could have been spent in all by then, by who spends it as it comes: a full bucket loses what it would get. */
const earned = (found: readonly (Bucket | undefined)[], limit: Limit, nowMs: number) =>
  sum(
    found.flatMap((each) => {
      const { resetAtMs = Number.POSITIVE_INFINITY, ...bucket } = refilled(known(each, limit), limit, T0);
      const endless = { ...limit, capacityGpuMs: 1e12 };
      const before = refilled(bucket, endless, Math.min(nowMs, resetAtMs)).balanceGpuMs;
      if (resetAtMs > nowMs) return [before];
      return [before, refilled({ balanceGpuMs: limit.capacityGpuMs, atMs: resetAtMs }, endless, nowMs).balanceGpuMs];
    }),
  );

test("whatever is joined and parted, now or later, nobody can spend more than without it", () => {
  fc.assert(
    fc.property(buckets, buckets, allowances, fc.nat(72 * HOUR_MS), (a, b, allowance, laterMs) => {
      const joint = joinedBucket(a, b, allowance, T0);
      const { stays, leaves } = partedBuckets(joint, allowance, T0);
      const laterAtMs = T0 + laterMs;
      for (const nowMs of [T0, laterAtMs])
        expect(spendable([joint], allowance, nowMs)).toBeLessThanOrEqual(spendable([a, b], allowance, nowMs));
      expect(spendable([stays, leaves], allowance, T0)).toBe(spendable([joint], allowance, T0));
      const without = spendable([a, b], allowance, laterAtMs);
      // Of a debt each half is paid back at once, while a full bucket beside it got nothing: that one could have been spent.
      const most = joint && joint.balanceGpuMs < 0 ? Math.max(without, earned([a, b], allowance, laterAtMs)) : without;
      expect(spendable([stays, leaves], allowance, laterAtMs)).toBeLessThanOrEqual(most);
    }),
    { numRuns: 300 },
  );
});

test("a debt is paid back by both halves at once: never more than two who had spent theirs could have", () => {
  const allowance = { capacityGpuMs: 202, refillGpuMsPerHour: 117, resetMs: 0 };
  const owes = { balanceGpuMs: -300, atMs: T0, resetAtMs: T0 + 48 * HOUR_MS };
  const { stays, leaves } = partedBuckets(joinedBucket(undefined, owes, allowance, T0), allowance, T0);
  const laterAtMs = T0 + 4 * HOUR_MS;
  // Without it one is full all the time, and loses 468.
  expect(spendable([undefined, owes], allowance, laterAtMs)).toBe(202 + 168);
  expect(spendable([stays, leaves], allowance, laterAtMs)).toBe(202 + 202);
  expect(earned([undefined, owes], allowance, laterAtMs)).toBe(202 + 468 + 168);
});
