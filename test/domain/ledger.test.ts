import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { availableAtMs, type Bucket, refilled, split } from "../../src/domain/ledger.ts";
import { HOUR_MS, T0 } from "../stores/contract/inputs.ts";
import { allowances } from "./allowances.ts";

describe("pure rules", () => {
  test("parts of a cost sum exactly and differ by at most one", () => {
    const members = fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(fc.nat(1_000_000_000), members, (total, ids) => {
        const parts = split(total, ids).map((share) => share.gpuMs);
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(total);
        expect(Math.max(...parts) - Math.min(...parts)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test("the moment that is promised is the first one with enough", () => {
    const buckets = fc.record({ balanceGpuMs: fc.integer({ min: -50_000, max: 100_000 }), atMs: fc.constant(T0) });
    fc.assert(
      fc.property(buckets, allowances, fc.nat(100_000), (bucket: Bucket, allowance, gpuMs) => {
        const atMs = availableAtMs(bucket, gpuMs, allowance, T0);
        if (atMs === undefined) {
          const never = gpuMs > allowance.capacityGpuMs || allowance.refillGpuMsPerHour === 0;
          expect(never).toBe(true);
          return;
        }
        expect(refilled(bucket, allowance, atMs).balanceGpuMs).toBeGreaterThanOrEqual(gpuMs);
        if (atMs > T0) expect(refilled(bucket, allowance, atMs - 1).balanceGpuMs).toBeLessThan(gpuMs);
      }),
    );
  });

  test("refilling in many small steps gives what one step gives", () => {
    fc.assert(
      fc.property(allowances, fc.array(fc.nat(HOUR_MS), { maxLength: 30 }), (allowance, steps) => {
        const start: Bucket = { balanceGpuMs: 0, atMs: T0 };
        let now = T0;
        let stepped = start;
        for (const step of steps) {
          now += step;
          stepped = refilled(stepped, allowance, now);
        }
        // Whole units only: each step may leave less than one unit for the next, never lose it.
        const whole = refilled(start, allowance, now).balanceGpuMs;
        expect(Math.abs(stepped.balanceGpuMs - whole)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
