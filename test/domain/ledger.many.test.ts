import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import type { Job } from "../../src/domain/job.ts";
import type { Allowance } from "../../src/domain/ledger.ts";
import type { Store } from "../../src/ports/store.ts";
import { openSqliteStore } from "../../src/stores/sqlite.ts";
import { cases } from "../many.ts";
import { accept, finish, HOUR_MS, idOf, STOPPED, T0 } from "../stores/contract/inputs.ts";
import { allowances } from "./allowances.ts";

const SEQUENCES = cases(150, 2_000);
const JUMP_MS = 48 * HOUR_MS;

type Step =
  | { readonly do: "accept"; readonly gpuMs: number; readonly twice: boolean }
  | { readonly do: "finish" | "stop"; readonly usedGpuMs: number; readonly twice: boolean }
  | { readonly do: "fail" | "cancel"; readonly twice: boolean }
  | { readonly do: "wait"; readonly ms: number };

const twice = fc.boolean();
const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant("accept" as const), gpuMs: fc.nat(40_000), twice }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constantFrom("finish" as const, "stop" as const),
        usedGpuMs: fc.nat(60_000),
        twice,
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("fail" as const, "cancel" as const), twice }) },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: -JUMP_MS, max: JUMP_MS }) }),
    },
  ),
  { minLength: 1, maxLength: 14 },
);

describe("random sequences over the store, with duplicates and clock jumps of ±48 h", async () => {
  const store = await openSqliteStore({ file: ":memory:", exclusive: false });
  afterAll(() => store.close());

  test(`${SEQUENCES} sequences: no unit appears or vanishes`, { timeout: 60_000 }, async () => {
    let sequence = 0;
    await fc.assert(
      fc.asyncProperty(allowances, steps, (allowance, plan) => replay(store, `s${sequence++}`, allowance, plan)),
      { numRuns: SEQUENCES },
    );
  });
});

/**
 * Whole milliseconds: what is stored after a change may run up to 1 ms ahead of the exact time. At the refill rates
 * here that is less than one unit, so a balance is as computed or one more.
 */
const expectBalance = (actual: number, expected: number) => expect([expected, expected + 1]).toContain(actual);

/** Runs one sequence for a member of its own in a lane of its own, checking the account against plain arithmetic. */
async function replay(store: Store, name: string, allowance: Allowance, plan: readonly Step[]): Promise<void> {
  const memberId = `web:${name}`;
  const open: { readonly jobId: string; readonly gpuMs: number }[] = [];
  let now = T0;
  let oldest = T0;
  let newest = T0;
  let paid = 0;
  let count = 0;
  let changes = 0;
  const look = () => store.account(memberId, allowance, now);
  const held = () => open.reduce((sum, job) => sum + job.gpuMs, 0);

  const take = async (gpuMs: number, again: boolean) => {
    const job = `${name} ${count++}`;
    const put = () =>
      accept(store, job, {
        allowance,
        nowMs: now,
        job: { memberId, lane: name, estimateGpuMs: gpuMs, acceptedAtMs: now },
      });
    const before = await look();
    const result = await put();
    // What is free is free for a member in debt as well.
    const enough = gpuMs === 0 || before.bucket.balanceGpuMs >= gpuMs;
    expect(result.status).toBe(enough ? "accepted" : "refused");
    if (enough) open.push({ jobId: idOf(job), gpuMs });
    const after = await look();
    changes++;
    expectBalance(after.bucket.balanceGpuMs, before.bucket.balanceGpuMs - (enough ? gpuMs : 0));
    if (again) expect((await put()).status).toBe(enough ? "known" : "refused");
    // What was ever handed out is the first filling and what time brought; debts are only ever paid off.
    if (gpuMs > 0 && enough && allowance.resetMs === 0) {
      const brought = ((newest - oldest + changes) * allowance.refillGpuMsPerHour) / HOUR_MS;
      expect(paid + held()).toBeLessThanOrEqual(allowance.capacityGpuMs + brought);
    }
  };

  const end = async (usedGpuMs: number, again: boolean, act: (job: Job) => Promise<boolean>) => {
    const job = await store.claim(name, now, 1_000 * HOUR_MS);
    if (!job) return;
    const before = (await look()).bucket.balanceGpuMs;
    expect(await act(job)).toBe(true);
    if (again) expect(await act(job)).toBe(false);
    const [ended] = open.splice(
      open.findIndex((other) => other.jobId === job.jobId),
      1,
    );
    paid += usedGpuMs;
    const expected = Math.min(allowance.capacityGpuMs, before + (ended?.gpuMs ?? 0) - usedGpuMs);
    changes++;
    expectBalance((await look()).bucket.balanceGpuMs, expected);
  };

  for (const step of plan) {
    const before = await look();
    switch (step.do) {
      case "accept":
        await take(step.gpuMs, step.twice);
        break;
      case "finish":
        await end(step.usedGpuMs, step.twice, (job) =>
          finish(store, job, { usedGpuMs: step.usedGpuMs, nowMs: now, pictures: [] }),
        );
        break;
      case "fail":
        await end(0, step.twice, (job) => store.fail(job.jobId, job.attempt, STOPPED, now));
        break;
      case "cancel":
        await end(0, step.twice, (job) => store.cancel(job.jobId, STOPPED, now));
        break;
      case "stop":
        await end(step.usedGpuMs, step.twice, (job) =>
          store.cancel(job.jobId, STOPPED, now, {
            byName: "ana",
            attempt: job.attempt,
            outcome: { backend: name, route: [], usedGpuMs: step.usedGpuMs, tookMs: 1 },
            pictures: [],
          }),
        );
        break;
      case "wait": {
        now += step.ms;
        oldest = Math.min(oldest, now);
        newest = Math.max(newest, now);
        const change = (await look()).bucket.balanceGpuMs - before.bucket.balanceGpuMs;
        if (step.ms >= 0) expect(change).toBeGreaterThanOrEqual(0);
        else expect(change).toBeLessThanOrEqual(0);
      }
    }
    const account = await look();
    expect(account.heldGpuMs).toBe(held());
    expect(account.bucket.balanceGpuMs).toBeLessThanOrEqual(allowance.capacityGpuMs);
    if (allowance.refillGpuMsPerHour === 0 && allowance.resetMs === 0)
      expect(account.bucket.balanceGpuMs).toBe(allowance.capacityGpuMs - held() - paid);
  }
}
