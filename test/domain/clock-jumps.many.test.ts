import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { openSqliteStore } from "../../src/stores/sqlite.ts";
import { cases } from "../many.ts";
import { accept, allowance, balanceOf, claimed, finish, HOUR_MS, T0 } from "../stores/contract/inputs.ts";

const JUMPS = cases(40, 1000);
const SPENT = 50_000;
const PER_HOUR = 6000;

const store = await openSqliteStore({ file: ":memory:", exclusive: false });
afterAll(() => store.close());

test(`${JUMPS} clocks that jumped by up to 48 h and came back: refill goes on at once, and no faster`, async () => {
  let count = 0;
  const jump = fc.integer({ min: -48 * HOUR_MS, max: 48 * HOUR_MS });
  await fc.assert(
    fc.asyncProperty(jump, fc.integer({ min: 0, max: 5 }), async (jumpMs, hours) => {
      const name = `j${count++}`;
      const memberId = `web:${name}`;
      const bucket = allowance(100_000, PER_HOUR, 24 * HOUR_MS);
      await accept(store, name, {
        job: { memberId, estimateGpuMs: SPENT, acceptedAtMs: T0 + jumpMs },
        allowance: bucket,
        nowMs: T0 + jumpMs,
      });
      await finish(store, await claimed(store, T0 + jumpMs), { usedGpuMs: SPENT, nowMs: T0 + jumpMs, pictures: [] });
      await store.clockSetBack(T0);
      const passedMs = jumpMs < 0 ? -jumpMs : 0;
      const laterMs = passedMs + hours * HOUR_MS;
      const refilled = Math.min(100_000, 50_000 + Math.floor((laterMs * PER_HOUR) / HOUR_MS));
      const expected = laterMs >= 24 * HOUR_MS ? 100_000 : refilled;
      const balance = await balanceOf(store, memberId, bucket, T0 + hours * HOUR_MS);
      expect(Math.abs(balance - expected)).toBeLessThanOrEqual(jumpMs > 0 && jumpMs <= 60_000 ? 100 : 1);
      // The reset comes when it would have come, by the clock as it is now.
      expect((await store.account(memberId, bucket, T0 + 24 * HOUR_MS + 60_001)).bucket.balanceGpuMs).toBe(100_000);
    }),
    { numRuns: JUMPS },
  );
});
