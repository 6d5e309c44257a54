import type { Answer } from "../ports/sql.ts";
import { all, one, type Tx } from "./transaction.ts";

// Which accounts are one person. What is stored keeps the account that did it; whoever compares goes through the person, so that
// parting leaves nothing behind.

const personRow = one<{ readonly personId: string }, [memberId: string]>(
  `SELECT person_id AS "personId" FROM link WHERE member_id = $1`,
);
/** Of an account that is joined with no other: its own id. */
export const personOf = async (tx: Tx, memberId: string): Promise<string> =>
  (await personRow(tx, memberId))?.personId ?? memberId;

const votersJoined = all<{ readonly memberId: string; readonly personId: string }, [decisionId: string]>(
  `SELECT link.member_id AS "memberId", link.person_id AS "personId" FROM decision_vote
   JOIN link ON link.member_id = decision_vote.member_id WHERE decision_vote.decision_id = $1`,
);
/** Who voted by an account that is joined with others, by account; all others are persons under their own id. */
export const personsOfVoters = async (tx: Tx, decisionId: string): Promise<ReadonlyMap<string, string>> =>
  new Map((await votersJoined(tx, decisionId)).map(({ memberId, personId }) => [memberId, personId]));

/** Asked together: over a network that is one round trip. */
export async function personsOf(tx: Tx, memberIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  return new Map(
    await Promise.all([...new Set(memberIds)].map(async (each) => [each, await personOf(tx, each)] as const)),
  );
}

export interface Account {
  readonly memberId: string;
  readonly name: string;
}
const joined = all<Account, [personId: string]>(
  `SELECT member_id AS "memberId", name FROM link WHERE person_id = $1 ORDER BY since_ms, member_id`,
);
/** Of a person with several; oldest first. */
export const joinedAccounts = async (tx: Tx, personId: string): Promise<readonly Account[]> =>
  (await joined(tx, personId)).map((row) => ({ ...row }));

/** All accounts of whoever this is, this one first. */
export async function accountsOf(tx: Tx, memberId: string): Promise<readonly string[]> {
  const row = await personRow(tx, memberId);
  if (!row) return [memberId];
  const others = (await joined(tx, row.personId)).filter((account) => account.memberId !== memberId);
  return [memberId, ...others.map((account) => account.memberId)];
}

/** Of each account alone, added up. */
export async function sumOver(
  tx: Tx,
  memberId: string,
  of: (tx: Tx, memberId: string) => Promise<number>,
): Promise<number> {
  // Hardly anybody has several: their own is not kept waiting for the question whether they have.
  const [own, [, ...others]] = await Promise.all([of(tx, memberId), accountsOf(tx, memberId)]);
  let sum = own;
  for (const account of others) sum += await of(tx, account);
  return sum;
}

/** Of each account alone, in one list. */
export async function overAccounts<T>(
  tx: Tx,
  memberId: string,
  of: (tx: Tx, memberId: string) => Answer<readonly T[]>,
): Promise<readonly T[]> {
  const found: T[] = [];
  for (const account of await accountsOf(tx, memberId)) found.push(...(await of(tx, account)));
  return found;
}
