import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { meetingIdOf } from "../../src/domain/ids.ts";
import { meetingPotIdOf, POT_ALLOWANCE } from "../../src/domain/pot.ts";
import type { Store } from "../../src/ports/store.ts";
import { openSqliteStore } from "../../src/stores/sqlite.ts";
import { cases } from "../many.ts";
import { allowance, finish, STOPPED, sampleJob, T0 } from "../stores/contract/inputs.ts";
import { startInput } from "../stores/contract/meetings.ts";

const SEQUENCES = cases(40, 2000);
const LIMIT = allowance(1_000);
const PEOPLE = 3;

const person = fc.nat(PEOPLE - 1);
const gpuMs = fc.integer({ min: 1, max: 900 });
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("start" as const), who: person, gpuMs, ofPot: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("end" as const) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("order" as const), who: person, gpuMs }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("settle" as const), gpuMs: fc.nat(1_100) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("refund" as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("give" as const), who: person, gpuMs }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("link" as const), who: person, other: person }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("unlink" as const), who: person }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("sweep" as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
/** What is in one batch is under way at once. */
const plans = fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 3, maxLength: 12 });

describe("random sequences of meetings with budgets, pictures, gifts and joined accounts", async () => {
  const store = await openSqliteStore({ file: ":memory:", exclusive: false });
  afterAll(() => store.close());

  test(`${SEQUENCES} sequences: sums are exact, nobody gains, and a pot of a meeting that is over is empty`, {
    timeout: 1_800_000,
  }, async () => {
    let sequence = 0;
    await fc.assert(
      fc.asyncProperty(plans, (plan) => replay(store, `b${sequence++}`, plan)),
      { numRuns: SEQUENCES },
    );
  });
});

async function replay(store: Store, name: string, plan: readonly (readonly Step[])[]): Promise<void> {
  const settingsKey = `web:${name}`;
  const place = { platform: "web", chatId: name, group: true };
  const ids = Array.from({ length: PEOPLE }, (_, at) => `web:${name}-${at}`);
  const meetingIds: string[] = [];
  let count = 0;
  let used = 0;
  let joined = false;

  async function books() {
    const persons = new Map<string, string>();
    for (const id of ids) persons.set((await store.accountsOf(id)).toSorted().join(), id);
    let sum = (await store.pot(settingsKey, T0)).balanceGpuMs;
    let held = (await store.pot(settingsKey, T0)).heldGpuMs;
    let most = 0;
    for (const id of persons.values()) {
      const { bucket, heldGpuMs } = await store.account(id, LIMIT, T0);
      sum += bucket.balanceGpuMs;
      held += heldGpuMs;
      most = Math.max(most, bucket.balanceGpuMs);
    }
    for (const meetingId of meetingIds) {
      const { leftGpuMs, heldGpuMs } = await store.meetingBudget(meetingId);
      sum += leftGpuMs;
      held += heldGpuMs;
    }
    return { whole: sum + held, held, most };
  }
  async function act(one: Step): Promise<void> {
    const updateId = `${name} ${count++}`;
    const who = "who" in one ? (ids[one.who] ?? "") : "";
    switch (one.do) {
      case "start": {
        const budgetFrom = one.ofPot
          ? ({ by: "pot" } as const)
          : ({ by: "member", memberId: who, allowance: LIMIT } as const);
        const over = { place, code: updateId, budgetGpuMs: one.gpuMs, budgetFrom };
        const begun = await store.startMeeting(startInput(updateId, over));
        if (begun.status === "started") meetingIds.push(meetingIdOf(updateId));
        return;
      }
      case "end": {
        const meetingId = (await store.meetingIn(settingsKey))?.meetingId ?? "";
        await store.changeMeeting({ updateId, meetingId, change: { does: "end" }, nowMs: T0 });
        return;
      }
      case "order": {
        const meeting = await store.meetingIn(settingsKey);
        await store.accept({
          updateId,
          job: sampleJob(updateId, {
            memberId: who,
            lane: name,
            estimateGpuMs: one.gpuMs,
            target: { place, memberId: who },
          }),
          shares: [{ memberId: who, gpuMs: one.gpuMs }],
          allowance: LIMIT,
          ...(meeting ? { paidFirstBy: meetingPotIdOf(meeting.meetingId) } : {}),
          maxOpenPerMember: 1_000,
          nowMs: T0,
        });
        return;
      }
      case "settle": {
        const job = await store.claim(name, T0, 1e12);
        if (job && (await finish(store, job, { usedGpuMs: one.gpuMs, pictures: [], nowMs: T0 }))) used += one.gpuMs;
        return;
      }
      case "refund": {
        const job = await store.claim(name, T0, 1e12);
        if (job) await store.fail(job.jobId, job.attempt, STOPPED, T0);
        return;
      }
      case "give": {
        const member = { memberId: who, name: "x" };
        await store.give({
          updateId,
          settingsKey,
          member,
          gpuMs: one.gpuMs,
          allowance: LIMIT,
          dayCapGpuMs: 1e6,
          nowMs: T0,
        });
        return;
      }
      case "link": {
        const other = ids[one.other] ?? "";
        const members = [
          { id: who, name: "x" },
          { id: other, name: "y" },
        ] as const;
        await store.link({ members, personId: `person:${updateId}`, allowance: LIMIT, nowMs: T0 });
        return;
      }
      case "unlink":
        await store.unlink(who, LIMIT, T0);
        return;
      case "sweep":
        await store.closeMeetings(T0);
    }
  }

  for (const batch of plan) {
    const before = await books();
    const usedBefore = used;
    await Promise.all(batch.map(act));
    const after = await books();
    expect(after.whole + used - usedBefore).toBeLessThanOrEqual(before.whole);
    expect(after.most).toBeLessThanOrEqual(LIMIT.capacityGpuMs);
    // Only joining takes anything, and makes buckets full that something still comes back to.
    joined ||= batch.some(({ do: what }) => what === "link");
    if (!joined) expect(after.whole + used - usedBefore).toBe(before.whole);
  }
  await act({ do: "end" });
  for (let job = await store.claim(name, T0, 1e12); job; job = await store.claim(name, T0, 1e12))
    await store.fail(job.jobId, job.attempt, STOPPED, T0);
  await store.closeMeetings(T0);
  for (const meetingId of meetingIds)
    expect((await store.account(meetingPotIdOf(meetingId), POT_ALLOWANCE, T0)).bucket.balanceGpuMs).toBe(0);
}
