import type { Person } from "../domain/block.ts";
import type { Allowance, Bucket } from "../domain/ledger.ts";
import { ACCOUNTS_MAX, joinedBucket, partedBuckets } from "../domain/person.ts";
import type { LinkInput, LinkResult, UnlinkResult } from "../ports/persons.ts";
import { joinedAccounts, personOf } from "./accounts.ts";
import { shareBlocks } from "./blocks.ts";
import { putBucket, removeBucket, storedBucket } from "./buckets.ts";
import { lockBuckets } from "./locks.ts";
import { run, type Tx } from "./transaction.ts";

// Accounts become one person, and part again. Both hold the buckets of all persons they touch.

const putRow = run<[memberId: string, personId: string, name: string, sinceMs: number]>(
  "INSERT INTO link(member_id, person_id, name, since_ms) VALUES($1, $2, $3, $4)",
);
const moveRows = run<[fromPersonId: string, toPersonId: string]>("UPDATE link SET person_id = $2 WHERE person_id = $1");
const removeRow = run<[memberId: string]>("DELETE FROM link WHERE member_id = $1");

const namedAccounts = async (tx: Tx, personId: string): Promise<readonly Person[]> =>
  (await joinedAccounts(tx, personId)).map(({ memberId, name }) => ({ id: memberId, name }));

/** See `Persons.joinedAccounts`. */
export const accountsWithNames = async (tx: Tx, memberId: string) => namedAccounts(tx, await personOf(tx, memberId));

/** See `Persons.link`. */
export async function link(tx: Tx, { members, personId, allowance, nowMs }: LinkInput): Promise<LinkResult> {
  const locked = await lockBuckets(
    tx,
    members.map(({ id }) => id),
  );
  const sides: { readonly member: Person; readonly person: string; readonly accounts: readonly Person[] }[] = [];
  for (const member of members) {
    const person = locked.get(member.id) ?? member.id;
    sides.push({ member, person, accounts: await namedAccounts(tx, person) });
  }
  const [one, other] = sides;
  if (!one || !other || one.person === other.person)
    return { status: tx.again ? "linked" : "same", accounts: one?.accounts ?? [] };
  const count = sides.reduce((sum, { accounts }) => sum + Math.max(1, accounts.length), 0);
  if (count > ACCOUNTS_MAX) return { status: "full" };
  const into = sides.find(({ accounts }) => accounts.length > 0)?.person ?? personId;
  const bucket = joinedBucket(
    await storedBucket(tx, one.person),
    await storedBucket(tx, other.person),
    allowance,
    nowMs,
  );
  for (const { member, person, accounts } of sides) {
    await removeBucket(tx, person);
    if (accounts.length === 0) await putRow(tx, member.id, into, member.name, nowMs);
    else if (person !== into) await moveRows(tx, person, into);
  }
  if (bucket) await putBucket(tx, into, bucket);
  return { status: "linked", accounts: await namedAccounts(tx, into) };
}

/** See `Persons.unlink`. */
export async function unlink(tx: Tx, memberId: string, allowance: Allowance, nowMs: number): Promise<UnlinkResult> {
  const person = (await lockBuckets(tx, [memberId])).get(memberId) ?? memberId;
  const accounts = await namedAccounts(tx, person);
  const rest = accounts.filter(({ id }) => id !== memberId);
  const leaving = accounts.find(({ id }) => id === memberId);
  const [first, second] = rest;
  if (!leaving || !first) return tx.again ? { status: "parted", rest: [] } : { status: "alone" };
  await shareBlocks(tx, leaving, rest, nowMs);
  const { stays, leaves } = partedBuckets(await storedBucket(tx, person), allowance, nowMs);
  await leave(tx, memberId, leaves);
  if (second) await putBucket(tx, person, stays);
  else {
    // One account alone is a person under its own id.
    await removeBucket(tx, person);
    await leave(tx, first.id, stays);
  }
  return { status: "parted", rest };
}

async function leave(tx: Tx, memberId: string, bucket: Bucket): Promise<void> {
  await removeRow(tx, memberId);
  await putBucket(tx, memberId, bucket);
}
