import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { split } from "../../src/domain/ledger.ts";
import { potIdOf } from "../../src/domain/pot.ts";
import type { Store } from "../../src/ports/store.ts";
import { openSqliteStore } from "../../src/stores/sqlite.ts";
import { cases } from "../many.ts";
import { allowance, finish, idOf, STOPPED, sampleJob, T0 } from "../stores/contract/inputs.ts";

const SEQUENCES = cases(200, 4_000);
const LIMIT = allowance(1_000);
const PLATFORMS = ["web", "discord", "telegram"] as const;
/** Five people, each on three platforms. */
const ACCOUNTS = PLATFORMS.flatMap((platform) => Array.from({ length: 5 }, (_, person) => ({ platform, person })));

const account = fc.nat(ACCOUNTS.length - 1);
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant("link" as const), one: account, other: account }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("unlink" as const), one: account }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("give" as const), one: account, gpuMs: fc.integer({ min: 1, max: 700 }) }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("hold" as const), one: account, gpuMs: fc.nat(900) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("pot" as const), one: account, gpuMs: fc.nat(900) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("vote" as const),
      voters: fc.uniqueArray(account, { minLength: 2, maxLength: 4 }),
      gpuMs: fc.nat(1_200),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("settle" as const), gpuMs: fc.nat(1_100) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("refund" as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("more" as const), gpuMs: fc.nat(1_500) }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;
/** What is in one batch is under way at once. */
const plans = fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 3, maxLength: 10 });

describe("random sequences of link, unlink, give, hold, settle, refund and vote, five people on three platforms", async () => {
  const store = await openSqliteStore({ file: ":memory:", exclusive: false });
  afterAll(() => store.close());

  test(`${SEQUENCES} sequences: sums are exact, and nobody gains`, { timeout: 1_800_000 }, async () => {
    let sequence = 0;
    await fc.assert(
      fc.asyncProperty(plans, (plan) => replay(store, `s${sequence++}`, plan)),
      { numRuns: SEQUENCES },
    );
  });
});

/** What could be spent now, and what is held: what a person or a pot has is counted once. */
async function books(store: Store, ids: readonly string[], settingsKey: string) {
  const persons = new Map<string, string>();
  for (const id of ids) persons.set((await store.accountsOf(id)).toSorted().join(), id);
  const buckets: number[] = [];
  let heldGpuMs = 0;
  for (const id of persons.values()) {
    const found = await store.account(id, LIMIT, T0);
    buckets.push(found.bucket.balanceGpuMs);
    heldGpuMs += found.heldGpuMs;
  }
  const pot = await store.pot(settingsKey, T0);
  const all = [...buckets, pot.balanceGpuMs];
  return {
    persons: persons.size,
    most: Math.max(...buckets),
    sum: all.reduce((total, each) => total + each, 0),
    spendable: all.reduce((total, each) => total + Math.max(0, each), 0),
    heldGpuMs: heldGpuMs + pot.heldGpuMs,
  };
}

async function replay(store: Store, name: string, plan: readonly (readonly Step[])[]): Promise<void> {
  const settingsKey = `web:${name}`;
  const place = { platform: "web", chatId: name, group: true };
  const ids = ACCOUNTS.map(({ platform, person }) => `${platform}:${name}-${person}`);
  const idAt = (at: number): string => ids[at] ?? "";
  let count = 0;
  let last = "";
  /** What settling took beyond what came back, in all. */
  let used = 0;

  const order = async (payers: readonly { readonly memberId: string; readonly gpuMs: number }[], by: string) => {
    const key = `${name} ${count++}`;
    last = key;
    const total = payers.reduce((sum, { gpuMs }) => sum + gpuMs, 0);
    await store.accept({
      updateId: key,
      job: sampleJob(key, { memberId: by, lane: name, estimateGpuMs: total, target: { place, memberId: by } }),
      shares: payers,
      allowance: LIMIT,
      maxOpenPerMember: 1_000,
      nowMs: T0,
    });
  };
  const act = async (one: Step): Promise<void> => {
    switch (one.do) {
      case "link": {
        const members = [one.one, one.other].map((at) => ({ id: idAt(at), name: "x" })) as [
          { id: string; name: string },
          { id: string; name: string },
        ];
        await store.link({ members, personId: `person:${name}-${count++}`, allowance: LIMIT, nowMs: T0 });
        return;
      }
      case "unlink":
        await store.unlink(idAt(one.one), LIMIT, T0);
        return;
      case "give":
        await store.give({
          updateId: `${name} ${count++}`,
          settingsKey,
          member: { memberId: idAt(one.one), name: "x" },
          gpuMs: one.gpuMs,
          allowance: LIMIT,
          dayCapGpuMs: LIMIT.capacityGpuMs,
          nowMs: T0,
        });
        return;
      case "hold":
        return order([{ memberId: idAt(one.one), gpuMs: one.gpuMs }], idAt(one.one));
      case "pot":
        return order([{ memberId: potIdOf(settingsKey), gpuMs: one.gpuMs }], idAt(one.one));
      case "vote":
        return order(split(one.gpuMs, one.voters.map(idAt)), idAt(one.voters[0] ?? 0));
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
      case "more":
        await store.holdMore(idOf(last), one.gpuMs, undefined, T0);
    }
  };

  for (const batch of plan) {
    const before = await books(store, ids, settingsKey);
    const usedBefore = used;
    await Promise.all(batch.map(act));
    const after = await books(store, ids, settingsKey);
    // Joining only takes; parting, giving and holding move; settling takes what was used. What comes back above a full bucket is lost.
    const spent = used - usedBefore;
    expect(after.sum + after.heldGpuMs + spent).toBeLessThanOrEqual(before.sum + before.heldGpuMs);
    expect(after.most).toBeLessThanOrEqual(LIMIT.capacityGpuMs);
    const joins = batch.some(({ do: what }) => what === "link");
    const ends = batch.some(({ do: what }) => what === "settle" || what === "refund");
    if (!ends) expect(after.spendable).toBeLessThanOrEqual(before.spendable);
    // Nothing vanishes either, where neither a join nor a full bucket may take it.
    if (!joins && !ends) expect(after.sum + after.heldGpuMs).toBe(before.sum + before.heldGpuMs);
  }
}
