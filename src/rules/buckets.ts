import { type Allowance, type Bucket, fullBucket, refilled } from "../domain/ledger.ts";
import { isPot, POT_ALLOWANCE } from "../domain/pot.ts";
import { personsOf } from "./accounts.ts";
import { lockBucketsAnd } from "./locks.ts";
import { effect, one, type Tx } from "./transaction.ts";

// What each person, and each pot, may spend: one bucket each, under the person's id or the pot's.

interface BucketRow {
  readonly balanceGpuMs: number;
  readonly atMs: number;
  readonly resetAtMs: number | null;
}

const selectBucket = one<BucketRow, [key: string]>(
  `SELECT balance_gpu_ms AS "balanceGpuMs", at_ms AS "atMs", reset_at_ms AS "resetAtMs" FROM bucket WHERE member_id = $1`,
);
const put = effect<[key: string, balanceGpuMs: number, atMs: number, resetAtMs: number | null]>(
  `INSERT INTO bucket(member_id, balance_gpu_ms, at_ms, reset_at_ms) VALUES($1, $2, $3, $4) ON CONFLICT(member_id) DO UPDATE
   SET balance_gpu_ms = excluded.balance_gpu_ms, at_ms = excluded.at_ms, reset_at_ms = excluded.reset_at_ms`,
);
/** As if nothing had ever been spent of it: only where another one takes its place. */
export const removeBucket = effect<[key: string]>("DELETE FROM bucket WHERE member_id = $1");

/** @param key a person's id, or a pot's */
export async function storedBucket(tx: Tx, key: string): Promise<Bucket | undefined> {
  const row = await selectBucket(tx, key);
  if (!row) return undefined;
  const { balanceGpuMs, atMs, resetAtMs } = row;
  return { balanceGpuMs, atMs, ...(resetAtMs === null ? {} : { resetAtMs }) };
}
/** @param key as of `storedBucket` */
export const putBucket = (tx: Tx, key: string, { balanceGpuMs, atMs, resetAtMs }: Bucket) =>
  put(tx, key, balanceGpuMs, atMs, resetAtMs ?? null);

/** As it is now. An untouched one is full, but for a pot: that is empty. */
export function bucketNow(payerId: string, stored: Bucket | undefined, allowance: Allowance, nowMs: number): Bucket {
  if (isPot(payerId)) return stored ?? { balanceGpuMs: 0, atMs: nowMs };
  return stored ? refilled(stored, allowance, nowMs) : fullBucket(allowance, nowMs);
}

/** By which allowance a payer pays: a pot by its own, whatever is said of others. */
export const allowanceOfPayer = (payerId: string, own: Allowance): Allowance => (isPot(payerId) ? POT_ALLOWANCE : own);

/** Buckets of one transaction: locked and read all at once, written as they change. Accounts of one person share theirs. */
export interface Buckets {
  personOf(memberId: string): string;
  of(memberId: string, allowance: Allowance, nowMs: number): Bucket;
  put(memberId: string, bucket: Bucket): Promise<void>;
}

export async function bucketsOf(tx: Tx, memberIds: readonly string[]): Promise<Buckets> {
  const { persons, found } = await lockBucketsAnd(tx, memberIds, (persons) => storedOf(tx, persons));
  return bucketsBy(tx, persons, found);
}
/** Not locked: to be looked at. */
export async function bucketsSeen(tx: Tx, memberIds: readonly string[]): Promise<Buckets> {
  const persons = await personsOf(tx, memberIds);
  return bucketsBy(tx, persons, await storedOf(tx, persons));
}

const storedOf = async (tx: Tx, persons: ReadonlyMap<string, string>) =>
  new Map(
    await Promise.all(
      [...new Set(persons.values())].map(async (person) => [person, await storedBucket(tx, person)] as const),
    ),
  );

function bucketsBy(
  tx: Tx,
  persons: ReadonlyMap<string, string>,
  stored: ReadonlyMap<string, Bucket | undefined>,
): Buckets {
  const known = new Map(stored);
  const personOf = (memberId: string): string => {
    const person = persons.get(memberId);
    if (person === undefined) throw new Error(`the bucket of ${memberId} is not locked`);
    return person;
  };
  return {
    personOf,
    of: (memberId, allowance, nowMs) => bucketNow(memberId, known.get(personOf(memberId)), allowance, nowMs),
    async put(memberId, bucket) {
      known.set(personOf(memberId), bucket);
      await putBucket(tx, personOf(memberId), bucket);
    },
  };
}
