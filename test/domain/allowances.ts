import fc from "fast-check";
import { HOUR_MS } from "../stores/contract/inputs.ts";

/** Allowances of every kind: with and without a refill, with and without a reset. */
export const allowances = fc.record({
  capacityGpuMs: fc.integer({ min: 1, max: 100_000 }),
  refillGpuMsPerHour: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 50_000 })),
  resetMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 48 * HOUR_MS })),
});
