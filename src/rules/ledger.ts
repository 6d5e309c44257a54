import type { Receipt } from "../domain/job.ts";
import {
  type AddressCeiling,
  type Allowance,
  type Bucket,
  returned,
  type Share,
  splitInParts,
  taken,
} from "../domain/ledger.ts";
import { isPot } from "../domain/pot.ts";
import type { Account, SpendRefusal } from "../ports/payment.ts";
import { overAccounts, personOf, sumOver } from "./accounts.ts";
import { allowanceOfPayer, type Buckets, bucketNow, bucketsOf, storedBucket } from "./buckets.ts";
import { lockJob, lockSpendWindows } from "./locks.ts";
import { parsePrompt } from "./rows.ts";
import { addressWindows, spendWindows } from "./spend-windows.ts";
import { all, effect, number, type Tx } from "./transaction.ts";

/** What a member, or a pot, holds for a job, and by which allowance. */
export interface Hold extends Allowance {
  readonly memberId: string;
  readonly name: string | null;
  readonly parts: number;
  readonly spendKey: string;
  readonly heldGpuMs: number;
  readonly addressKey: string | null;
  readonly addressCapGpuMs: number | null;
}

/** What each of the members may spend. */
export type AllowanceOf = (memberId: string) => Allowance;

type NewHold = [
  jobId: string,
  spendKey: string,
  memberId: string,
  part: number,
  gpuMs: number,
  capacityGpuMs: number,
  refillGpuMsPerHour: number,
  resetMs: number,
  addressKey: string | null,
  addressCapGpuMs: number | null,
  name: string | null,
  parts: number,
];
const insertHold = effect<NewHold>(
  `INSERT INTO hold(job_id, pot_key, member_id, part, held_gpu_ms, capacity_gpu_ms, refill_gpu_ms_per_hour, reset_ms,
   address_key, address_cap_gpu_ms, name, parts) VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
);
/** Still held, in the order they were taken. */
export const holdsOf = all<Hold, [jobId: string]>(
  `SELECT member_id AS "memberId", name, parts, pot_key AS "spendKey", held_gpu_ms AS "heldGpuMs", capacity_gpu_ms AS "capacityGpuMs",
   refill_gpu_ms_per_hour AS "refillGpuMsPerHour", reset_ms AS "resetMs", address_key AS "addressKey",
   address_cap_gpu_ms AS "addressCapGpuMs" FROM hold WHERE job_id = $1 AND state = 'held' ORDER BY part`,
);
const raiseHold = effect<[jobId: string, memberId: string, gpuMs: number]>(
  "UPDATE hold SET held_gpu_ms = held_gpu_ms + $3 WHERE job_id = $1 AND member_id = $2",
);
const endHold = effect<
  [jobId: string, memberId: string, state: "settled" | "refunded", usedGpuMs: number, nowMs: number]
>("UPDATE hold SET state = $3, used_gpu_ms = $4, ended_at_ms = $5 WHERE job_id = $1 AND member_id = $2");
export const heldOf = number<[memberId: string]>(
  "SELECT CAST(coalesce(sum(held_gpu_ms), 0) AS BIGINT) AS n FROM hold WHERE member_id = $1 AND state = 'held'",
);
const RECENT = 5;
const recentOf = all<Omit<Account["recent"][number], "prompt"> & { readonly body: string }, [memberId: string]>(
  `SELECT h.job_id AS "jobId", h.used_gpu_ms AS "usedGpuMs", h.ended_at_ms AS "atMs", j.body AS body
   FROM hold h JOIN job j ON j.job_id = h.job_id
   WHERE h.member_id = $1 AND h.state = 'settled' ORDER BY h.ended_at_ms DESC LIMIT ${RECENT}`,
);
/** A chat goes on under another key. */
export const moveSpendWindow = effect<[fromKey: string, toKey: string]>(
  "UPDATE hold SET pot_key = $2 WHERE pot_key = $1",
);

/** One share per person: whoever is named twice, perhaps by two accounts, must be able to pay both parts. */
export function merged(shares: readonly Share[], personOf: Buckets["personOf"]): readonly Share[] {
  const sums = new Map<string, Share>();
  for (const share of shares) {
    const person = personOf(share.memberId);
    const before = sums.get(person);
    sums.set(
      person,
      before ? { ...before, gpuMs: before.gpuMs + share.gpuMs, parts: partsOf(before) + partsOf(share) } : share,
    );
  }
  return [...sums.values()];
}
const partsOf = ({ parts = 1 }: Share): number => parts;

/** Who of them has not enough; empty when all can pay. */
export const shortOf = ({ buckets, shares, allowanceOf, nowMs }: Payment): readonly Share[] =>
  shares.filter(({ memberId, gpuMs }) => {
    const allowance = allowanceOf(memberId);
    return !taken(buckets.of(memberId, allowance, nowMs), gpuMs, allowance, nowMs);
  });

/** What pays for a job: by whom, out of what, and within which windows. */
export interface Payment {
  readonly buckets: Buckets;
  /** One a person, see `merged`. */
  readonly shares: readonly Share[];
  readonly allowanceOf: AllowanceOf;
  readonly spendKey: string;
  readonly ceiling?: AddressCeiling;
  readonly nowMs: number;
}

/** @throws Error when somebody has not enough: ask `shortOf` first, in the same transaction */
export async function hold(tx: Tx, jobId: string, payment: Payment): Promise<void> {
  const { buckets, shares, allowanceOf, spendKey, ceiling, nowMs } = payment;
  for (const [part, share] of shares.entries()) {
    const { memberId, gpuMs, name } = share;
    const allowance = allowanceOf(memberId);
    const left = taken(buckets.of(memberId, allowance, nowMs), gpuMs, allowance, nowMs);
    if (!left) throw new Error(`hold without cover for job ${jobId}`);
    await buckets.put(memberId, left);
    const { capacityGpuMs, refillGpuMsPerHour, resetMs } = allowance;
    const by = [capacityGpuMs, refillGpuMsPerHour, resetMs] as const;
    const from = [ceiling?.addressKey ?? null, ceiling?.capGpuMs ?? null] as const;
    await insertHold(tx, jobId, spendKey, memberId, part, gpuMs, ...by, ...from, name ?? null, partsOf(share));
  }
}

/** What two caps are about, as keys of locks. */
export const windowKeys = (
  spendKey: string,
  spendCapGpuMs: number | undefined,
  addressKey: string | undefined,
): readonly string[] => [
  ...(spendCapGpuMs === undefined ? [] : [`pot ${spendKey}`]),
  ...(addressKey === undefined ? [] : [`address ${addressKey}`]),
];

/** Of the chat first, then of the address. */
export async function windowShort(
  tx: Tx,
  neededGpuMs: number,
  caps: { readonly spendKey: string; readonly spendCapGpuMs?: number; readonly ceiling?: AddressCeiling },
  nowMs: number,
): Promise<SpendRefusal | undefined> {
  const { spendKey, spendCapGpuMs, ceiling } = caps;
  const here =
    spendCapGpuMs === undefined
      ? undefined
      : await spendWindows.short(tx, spendKey, { neededGpuMs, capGpuMs: spendCapGpuMs, nowMs });
  if (here || !ceiling) return here;
  return addressWindows.short(tx, ceiling.addressKey, { neededGpuMs, capGpuMs: ceiling.capGpuMs, nowMs });
}

/** See `Store.holdMore`. A job that has ended holds nothing, and nothing more is taken for it. */
export async function holdMore(
  tx: Tx,
  jobId: string,
  wanted: { readonly totalGpuMs: number; readonly spendCapGpuMs: number | undefined },
  nowMs: number,
): Promise<"held" | "member_short" | "window_short"> {
  await lockJob(tx, jobId);
  const holds = await holdsOf(tx, jobId);
  const [first] = holds;
  const whole = amongHolds(wanted.totalGpuMs, holds);
  const more = holds.map((held, part) => ({ held, gpuMs: Math.max(0, (whole[part] ?? 0) - held.heldGpuMs) }));
  const neededGpuMs = more.reduce((sum, { gpuMs }) => sum + gpuMs, 0);
  if (neededGpuMs === 0 || !first) return "held";
  const { spendKey, addressKey, addressCapGpuMs } = first;
  const ceiling =
    addressKey === null || addressCapGpuMs === null ? {} : { ceiling: { addressKey, capGpuMs: addressCapGpuMs } };
  const cap = wanted.spendCapGpuMs === undefined ? {} : { spendCapGpuMs: wanted.spendCapGpuMs };
  await lockSpendWindows(tx, windowKeys(spendKey, wanted.spendCapGpuMs, ceiling.ceiling?.addressKey));
  const buckets = await bucketsOf(
    tx,
    holds.map(({ memberId }) => memberId),
  );
  if (await windowShort(tx, neededGpuMs, { spendKey, ...cap, ...ceiling }, nowMs)) return "window_short";
  // Two accounts of one person take out of one bucket, one after the other.
  const left = new Map<string, Bucket>();
  for (const { held, gpuMs } of more) {
    const person = buckets.personOf(held.memberId);
    const rest = taken(left.get(person) ?? buckets.of(held.memberId, held, nowMs), gpuMs, held, nowMs);
    if (!rest) return "member_short";
    left.set(person, rest);
  }
  for (const { held, gpuMs } of more) {
    const rest = left.get(buckets.personOf(held.memberId));
    if (rest) await buckets.put(held.memberId, rest);
    await raiseHold(tx, jobId, held.memberId, gpuMs);
  }
  return "held";
}

/** In the equal parts in which it was held. */
const amongHolds = (totalGpuMs: number, holds: readonly Hold[]): readonly number[] =>
  splitInParts(
    totalGpuMs,
    holds.map(({ parts }) => parts),
  );

/** How the holds of a job end. */
export interface Settlement {
  readonly state: "settled" | "refunded";
  /** May be more than was held: the balance then goes below zero. 0 where it is refunded. */
  readonly usedGpuMs: number;
  readonly nowMs: number;
}

/** The buckets of all who hold something for one of these jobs, which are locked. */
export async function bucketsOfHolders(tx: Tx, holds: readonly Hold[]): Promise<Buckets> {
  return bucketsOf(
    tx,
    holds.map(({ memberId }) => memberId),
  );
}

export async function endHolds(
  tx: Tx,
  jobId: string,
  { holds, buckets }: { readonly holds: readonly Hold[]; readonly buckets: Buckets },
  { state, usedGpuMs, nowMs }: Settlement,
): Promise<void> {
  if (holds.length === 0) return;
  const used = amongHolds(usedGpuMs, holds);
  for (const [part, held] of holds.entries()) {
    const paidGpuMs = used[part] ?? 0;
    const bucket = buckets.of(held.memberId, held, nowMs);
    await buckets.put(held.memberId, returned(bucket, held.heldGpuMs - paidGpuMs, held));
    await endHold(tx, jobId, held.memberId, state, paidGpuMs, nowMs);
  }
}

const paidOf = all<Hold & { readonly usedGpuMs: number }, [jobId: string]>(
  `SELECT member_id AS "memberId", name, parts, pot_key AS "spendKey", held_gpu_ms AS "heldGpuMs", capacity_gpu_ms AS "capacityGpuMs",
   refill_gpu_ms_per_hour AS "refillGpuMsPerHour", reset_ms AS "resetMs", address_key AS "addressKey",
   address_cap_gpu_ms AS "addressCapGpuMs", used_gpu_ms AS "usedGpuMs" FROM hold
   WHERE job_id = $1 AND state = 'settled' ORDER BY part`,
);
/** What was paid for a job that is locked and over goes back to each who paid. Resolves with how much that was. */
export async function refundPaid(tx: Tx, jobId: string, nowMs: number): Promise<number> {
  const paid = await paidOf(tx, jobId);
  const buckets = await bucketsOfHolders(tx, paid);
  for (const { usedGpuMs, ...held } of paid) {
    const bucket = buckets.of(held.memberId, held, nowMs);
    await buckets.put(held.memberId, returned(bucket, usedGpuMs, held));
    await endHold(tx, jobId, held.memberId, "refunded", 0, nowMs);
  }
  return paid.reduce((sum, { usedGpuMs }) => sum + usedGpuMs, 0);
}

/** Who paid what, where it was not one member alone. */
export function receiptsOf(usedGpuMs: number, holds: readonly Hold[]): readonly Receipt[] {
  if (usedGpuMs === 0 || (holds.length < 2 && !holds.some(({ memberId }) => isPot(memberId)))) return [];
  const used = amongHolds(usedGpuMs, holds);
  return holds.flatMap(({ memberId, name }, part): readonly Receipt[] => {
    const gpuMs = used[part] ?? 0;
    if (gpuMs === 0) return [];
    return [isPot(memberId) ? { by: "pot", gpuMs } : { by: "member", name: name ?? "", gpuMs }];
  });
}

export async function accountOf(tx: Tx, memberId: string, allowance: Allowance, nowMs: number): Promise<Account> {
  const stored = await storedBucket(tx, await personOf(tx, memberId));
  const recent = (await overAccounts(tx, memberId, recentOf)).toSorted((a, b) => b.atMs - a.atMs).slice(0, RECENT);
  return {
    bucket: bucketNow(memberId, stored, allowanceOfPayer(memberId, allowance), nowMs),
    heldGpuMs: await sumOver(tx, memberId, heldOf),
    recent: recent.map(({ body, ...paid }) => ({ ...paid, prompt: parsePrompt(body) })),
  };
}
