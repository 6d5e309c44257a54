import { SPEND_WINDOW_MS, taken } from "../domain/ledger.ts";
import { POT_ALLOWANCE, potIdOf } from "../domain/pot.ts";
import type { Gift, GiveInput, GiveResult, Pot } from "../ports/pots.ts";
import { overAccounts, personOf, sumOver } from "./accounts.ts";
import { bucketsOf, putBucket, removeBucket, storedBucket } from "./buckets.ts";
import { note, takeUpdate } from "./intake.ts";
import { accountOf } from "./ledger.ts";
import { lockBuckets } from "./locks.ts";
import { all, number, run, type Tx } from "./transaction.ts";

// What members gave a chat to spend together.

const DAY_MS = 86_400_000;
/** Who gave how much is told for so long. */
const GIVERS_MS = 30 * DAY_MS;
const SHOWN_MAX = 5;

export const addGift = run<[potId: string, memberId: string, name: string, gpuMs: number, atMs: number]>(
  "INSERT INTO gift(pot_id, member_id, name, gpu_ms, at_ms) VALUES($1, $2, $3, $4, $5)",
);
export const givenSince = number<[memberId: string, afterMs: number]>(
  "SELECT CAST(coalesce(sum(gpu_ms), 0) AS BIGINT) AS n FROM gift WHERE member_id = $1 AND at_ms > $2",
);
interface GiverRow {
  readonly memberId: string;
  readonly name: string;
  readonly gpuMs: number;
}
const givers = all<GiverRow, [potId: string, afterMs: number]>(
  `SELECT member_id AS "memberId", max(name) AS name, CAST(sum(gpu_ms) AS BIGINT) AS "gpuMs" FROM gift
   WHERE pot_id = $1 AND at_ms > $2 GROUP BY member_id ORDER BY member_id`,
);
const newest = all<Gift, [memberId: string, afterMs: number]>(
  `SELECT gpu_ms AS "gpuMs", at_ms AS "atMs" FROM gift WHERE member_id = $1 AND at_ms > $2 ORDER BY at_ms DESC
   LIMIT ${SHOWN_MAX}`,
);

/** See `Pots.pot`. */
export async function pot(tx: Tx, settingsKey: string, nowMs: number): Promise<Pot> {
  const potId = potIdOf(settingsKey);
  const { bucket, heldGpuMs, recent } = await accountOf(tx, potId, POT_ALLOWANCE, nowMs);
  const byPerson = new Map<string, { readonly name: string; readonly gpuMs: number }>();
  for (const { memberId, name, gpuMs } of await givers(tx, potId, nowMs - GIVERS_MS)) {
    const person = await personOf(tx, memberId);
    const before = byPerson.get(person);
    byPerson.set(person, { name: before?.name ?? name, gpuMs: gpuMs + (before?.gpuMs ?? 0) });
  }
  return {
    balanceGpuMs: bucket.balanceGpuMs,
    heldGpuMs,
    givers: [...byPerson.values()].toSorted((a, b) => b.gpuMs - a.gpuMs).slice(0, SHOWN_MAX),
    recent,
  };
}

/** See `Pots.giftsOf`. */
export async function giftsOf(tx: Tx, memberId: string, nowMs: number): Promise<readonly Gift[]> {
  const found = await overAccounts(tx, memberId, (each, account) => newest(each, account, nowMs - GIVERS_MS));
  return found
    .toSorted((a, b) => b.atMs - a.atMs)
    .slice(0, SHOWN_MAX)
    .map((row) => ({ ...row }));
}

/** See `Pots.give`. */
export async function give(tx: Tx, input: GiveInput): Promise<GiveResult> {
  const { updateId, settingsKey, member, gpuMs, allowance, nowMs } = input;
  const potId = potIdOf(settingsKey);
  const before = await takeUpdate(tx, updateId, nowMs);
  if (before && before.did !== "gave") throw new Error(`update ${updateId} was no gift before`);
  const buckets = await bucketsOf(tx, [member.memberId, potId]);
  const own = buckets.of(member.memberId, allowance, nowMs);
  const pot = buckets.of(potId, POT_ALLOWANCE, nowMs);
  if (before) {
    if (!tx.again || before.gpuMs === 0) return { status: "known" };
    return { status: "given", potGpuMs: pot.balanceGpuMs, leftGpuMs: own.balanceGpuMs };
  }
  const refused = async (status: "short" | "day_full", leftGpuMs: number): Promise<GiveResult> => {
    await note(tx, updateId, { did: "gave", gpuMs: 0 }, nowMs);
    return { status, leftGpuMs: Math.max(0, leftGpuMs) };
  };
  const left = gpuMs > 0 ? taken(own, gpuMs, allowance, nowMs) : undefined;
  if (!left) return refused("short", own.balanceGpuMs);
  const given = await sumOver(tx, member.memberId, (each, account) =>
    givenSince(each, account, nowMs - SPEND_WINDOW_MS),
  );
  if (given + gpuMs > input.dayCapGpuMs) return refused("day_full", input.dayCapGpuMs - given);
  await buckets.put(member.memberId, left);
  await buckets.put(potId, { ...pot, balanceGpuMs: pot.balanceGpuMs + gpuMs });
  await addGift(tx, potId, member.memberId, member.name, gpuMs, nowMs);
  await note(tx, updateId, { did: "gave", gpuMs }, nowMs);
  return { status: "given", potGpuMs: pot.balanceGpuMs + gpuMs, leftGpuMs: left.balanceGpuMs };
}

const moveGifts = run<[fromPotId: string, toPotId: string]>("UPDATE gift SET pot_id = $2 WHERE pot_id = $1");
// One job is paid by one pot: there is none of the other beside it.
const moveHolds = run<[fromPotId: string, toPotId: string]>("UPDATE hold SET member_id = $2 WHERE member_id = $1");
/** A chat goes on under another key: its pot goes along, into the one that is there perhaps. */
export async function movePot(tx: Tx, fromKey: string, toKey: string): Promise<void> {
  const [from, to] = [potIdOf(fromKey), potIdOf(toKey)];
  await lockBuckets(tx, [from, to]);
  await moveGifts(tx, from, to);
  await moveHolds(tx, from, to);
  const moved = await storedBucket(tx, from);
  if (!moved) return;
  const there = await storedBucket(tx, to);
  await putBucket(tx, to, { ...moved, balanceGpuMs: moved.balanceGpuMs + (there?.balanceGpuMs ?? 0) });
  await removeBucket(tx, from);
}
