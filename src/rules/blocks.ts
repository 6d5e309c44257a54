import { createHmac } from "node:crypto";
import { type Block, EVERYWHERE, type NewBlock, type Person } from "../domain/block.ts";
import type { JobState } from "../domain/job.ts";
import type { Problem } from "../domain/problem.ts";
import type { Blocked } from "../ports/block-list.ts";
import { accountsOf, personOf } from "./accounts.ts";
import { openWithVoteOf } from "./decisions.ts";
import { cancelAll } from "./endings.ts";
import { ownOpenJobs } from "./jobs.ts";
import { decisionKeys, lockDecisions, lockJobs } from "./locks.ts";
import { all, one, run, type Tx } from "./transaction.ts";
import { takeOpenVote } from "./votes.ts";

// Who is shut out where.

interface BlockRow {
  readonly number: number;
  readonly scope: string;
  readonly memberId: string;
  readonly memberName: string;
  readonly byMemberId: string;
  readonly byName: string;
  readonly sinceMs: number;
  readonly untilMs: number | null;
  readonly reason: string | null;
}

const COLUMNS = `number, scope, member_id AS "memberId", member_name AS "memberName", by_member_id AS "byMemberId",
  by_name AS "byName", since_ms AS "sinceMs", until_ms AS "untilMs", reason`;
const HOLDS = "(until_ms IS NULL OR until_ms > $2)";

const rowOf = (row: BlockRow): Block => ({
  number: row.number,
  scope: row.scope,
  member: { id: row.memberId, name: row.memberName },
  by: { id: row.byMemberId, name: row.byName },
  sinceMs: row.sinceMs,
  ...(row.untilMs === null ? {} : { untilMs: row.untilMs }),
  ...(row.reason === null ? {} : { reason: row.reason }),
});

type NewRow = [
  scope: string,
  memberId: string,
  memberName: string,
  byMemberId: string,
  byName: string,
  sinceMs: number,
  untilMs: number | null,
  reason: string | null,
];
const put = one<BlockRow, NewRow>(
  `INSERT INTO block(scope, member_id, member_name, by_member_id, by_name, since_ms, until_ms, reason)
   VALUES($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT(member_id, scope) DO UPDATE SET member_name = excluded.member_name,
   by_member_id = excluded.by_member_id, by_name = excluded.by_name, since_ms = excluded.since_ms, until_ms = excluded.until_ms,
   reason = excluded.reason RETURNING ${COLUMNS}`,
);
/** Takes back their open votes, cancels their waiting jobs, and shuts them out. */
export async function block(tx: Tx, input: NewBlock, problem: Problem): Promise<Blocked> {
  const { scope, member, by, sinceMs, untilMs, reason } = input;
  const settingsKey = scope === EVERYWHERE ? undefined : scope;
  const accounts = await accountsOf(tx, member.id);
  const personId = await personOf(tx, member.id);
  const voted = await openWithVoteOf(tx, personId, settingsKey);
  await lockDecisions(tx, voted.flatMap(decisionKeys));
  const open = await ownOpenJobs(tx, accounts, settingsKey);
  const locked = await lockJobs(
    tx,
    open.map(({ jobId }) => jobId),
  );
  const inState = (...states: readonly JobState[]) =>
    open.flatMap(({ jobId }) => {
      const state = locked.get(jobId)?.state;
      return state !== undefined && states.includes(state) ? [jobId] : [];
    });
  const waiting = inState("deferred", "queued");
  await cancelAll(tx, waiting, problem, sinceMs);
  for (const { decisionId } of voted) await takeOpenVote(tx, decisionId, personId);
  const row = await put(tx, scope, member.id, member.name, by.id, by.name, sinceMs, untilMs ?? null, reason ?? null);
  if (!row) throw new Error("a block was not stored");
  return { block: rowOf(row), accountIds: accounts, cancelled: waiting.length, runningJobIds: inState("running") };
}

const take = one<BlockRow, [number: number]>(`DELETE FROM block WHERE number = $1 RETURNING ${COLUMNS}`);
const takeOf = run<[memberId: string, scope: string]>("DELETE FROM block WHERE member_id = $1 AND scope = $2");
/** Their other accounts come back as well: nobody is shut out by half. */
export async function unblock(tx: Tx, number: number): Promise<Block | undefined> {
  const row = await take(tx, number);
  if (!row) return undefined;
  for (const account of await accountsOf(tx, row.memberId)) await takeOf(tx, account, row.scope);
  return rowOf(row);
}

const copy = run<[fromMemberId: string, toMemberId: string, toName: string, nowMs: number]>(
  `INSERT INTO block(scope, member_id, member_name, by_member_id, by_name, since_ms, until_ms, reason)
   SELECT scope, $2, $3, by_member_id, by_name, since_ms, until_ms, reason FROM block
   WHERE member_id = $1 AND (until_ms IS NULL OR until_ms > $4)
   ON CONFLICT(member_id, scope) DO UPDATE SET until_ms = CASE WHEN block.until_ms IS NULL OR excluded.until_ms IS NULL
   THEN NULL ELSE GREATEST(block.until_ms, excluded.until_ms) END`,
);
/** Before an account parts from the others: what shut out the person shuts out both. */
export async function shareBlocks(tx: Tx, leaving: Person, rest: readonly Person[], nowMs: number): Promise<void> {
  for (const { id } of rest) await copy(tx, id, leaving.id, leaving.name, nowMs);
  const [first] = rest;
  if (first) await copy(tx, leaving.id, first.id, first.name, nowMs);
}

const FORGOTTEN = "forgotten:";
/**
 * Instead of the id of somebody who is forgotten: it tells nobody who that was, and those who come again by the same account
 * are known by it. @param salt unguessable; without ":"
 */
export const blockedAs = (memberId: string, salt: string): string =>
  `${FORGOTTEN}${salt}:${createHmac("sha256", salt).update(memberId).digest("base64url")}`;
const isBlockOf = (memberId: string, { memberId: blocked }: BlockRow): boolean =>
  blocked === memberId || blocked === blockedAs(memberId, blocked.split(":")[1] ?? "");

const holding = all<BlockRow, [memberId: string, nowMs: number, scope: string]>(
  `SELECT ${COLUMNS} FROM block WHERE (member_id = $1 OR (member_id >= '${FORGOTTEN}' AND member_id < 'forgotten;'))
   AND scope IN ($3, '${EVERYWHERE}') AND ${HOLDS} ORDER BY until_ms IS NOT NULL, until_ms DESC`,
);
/** The longest of those that hold there now, for any of their accounts. */
export async function blockOf(
  tx: Tx,
  memberId: string,
  settingsKey: string,
  nowMs: number,
): Promise<Block | undefined> {
  let longest: BlockRow | undefined;
  for (const account of await accountsOf(tx, memberId)) {
    const row = (await holding(tx, account, nowMs, settingsKey)).find((each) => isBlockOf(account, each));
    if (row && (!longest || endOf(row) > endOf(longest))) longest = row;
  }
  return longest && rowOf(longest);
}
const endOf = ({ untilMs }: BlockRow): number => untilMs ?? Number.POSITIVE_INFINITY;

const ofScope = all<BlockRow, [scope: string, nowMs: number, limit: number]>(
  `SELECT ${COLUMNS} FROM block WHERE scope = $1 AND ${HOLDS} ORDER BY number DESC LIMIT $3`,
);
export const blocks = async (tx: Tx, scope: string, nowMs: number, limit: number): Promise<readonly Block[]> =>
  (await ofScope(tx, scope, nowMs, limit)).map(rowOf);

export const sweepBlocks = run<[nowMs: number]>("DELETE FROM block WHERE until_ms <= $1");
