import type { Allowance } from "../domain/ledger.ts";
import type { Ballot } from "../ports/store.ts";
import { lockBallots } from "./locks.ts";
import { changed } from "./outbox.ts";
import { parseAllowance } from "./rows.ts";
import { all, one, run, type Tx } from "./transaction.ts";

// One ballot per subject. It may be closed and opened again, but it passes once for ever.

interface BallotRow {
  readonly votesNeeded: number;
  readonly closesAtMs: number;
  readonly state: Ballot["state"];
  readonly startedJobId: string | null;
}
type Subject = [subjectJobId: string];

const select = one<BallotRow, Subject>(
  `SELECT votes_needed AS "votesNeeded", closes_at_ms AS "closesAtMs", state, started_job_id AS "startedJobId"
   FROM ballot WHERE subject_job_id = $1`,
);
const voters = all<Ballot["voters"][number], Subject>(
  `SELECT member_id AS "memberId", name FROM vote WHERE subject_job_id = $1 ORDER BY place`,
);
export async function ballotOn(tx: Tx, subjectJobId: string, nowMs: number): Promise<Ballot | undefined> {
  const row = await select(tx, subjectJobId);
  if (!row) return undefined;
  const { votesNeeded, closesAtMs, state, startedJobId } = row;
  return {
    subjectJobId,
    votesNeeded,
    closesAtMs,
    // Nobody has swept yet: the deadline counts all the same.
    state: state === "open" && closesAtMs <= nowMs ? "closed" : state,
    voters: (await voters(tx, subjectJobId)).map(({ memberId, name }) => ({ memberId, name })),
    ...(startedJobId === null ? {} : { startedJobId }),
  };
}

const open = run<[...Subject, votesNeeded: number, closesAtMs: number]>(
  `INSERT INTO ballot(subject_job_id, votes_needed, closes_at_ms, state) VALUES($1, $2, $3, 'open')
   ON CONFLICT(subject_job_id) DO UPDATE SET votes_needed = excluded.votes_needed, closes_at_ms = excluded.closes_at_ms,
   state = 'open'`,
);
const clear = run<Subject>("DELETE FROM vote WHERE subject_job_id = $1");
export async function openAnew(
  tx: Tx,
  ballot: Pick<Ballot, "subjectJobId" | "votesNeeded" | "closesAtMs">,
): Promise<void> {
  await clear(tx, ballot.subjectJobId);
  await open(tx, ballot.subjectJobId, ballot.votesNeeded, ballot.closesAtMs);
}

const add = run<[...Subject, memberId: string, name: string, allowance: string]>(
  `INSERT INTO vote(subject_job_id, member_id, name, place, allowance)
   SELECT $1, $2, $3, coalesce(max(place), 0) + 1, $4 FROM vote WHERE subject_job_id = $1`,
);
export const addVote = (tx: Tx, subjectJobId: string, voter: Ballot["voters"][number], allowance: Allowance) =>
  add(tx, subjectJobId, voter.memberId, voter.name, JSON.stringify(allowance));
export const takeVote = run<[...Subject, memberId: string]>(
  "DELETE FROM vote WHERE subject_job_id = $1 AND member_id = $2",
);

const allowances = all<{ readonly memberId: string; readonly allowance: string | null }, Subject>(
  `SELECT member_id AS "memberId", allowance FROM vote WHERE subject_job_id = $1`,
);
/** What each voter may spend; those who voted before it was kept are not in it. */
export async function allowancesOf(tx: Tx, subjectJobId: string): Promise<ReadonlyMap<string, Allowance>> {
  const rows = await allowances(tx, subjectJobId);
  return new Map(
    rows.flatMap(({ memberId, allowance }) =>
      allowance === null ? [] : [[memberId, parseAllowance(allowance)] as const],
    ),
  );
}

export const pass = run<[...Subject, startedJobId: string]>(
  "UPDATE ballot SET state = 'passed', started_job_id = $2 WHERE subject_job_id = $1",
);

interface SubjectRow {
  readonly subjectJobId: string;
}
const due = all<SubjectRow, [nowMs: number]>(
  `SELECT subject_job_id AS "subjectJobId" FROM ballot WHERE state = 'open' AND closes_at_ms <= $1`,
);
const close = run<[...Subject, nowMs: number]>(
  "UPDATE ballot SET state = 'closed' WHERE subject_job_id = $1 AND state = 'open' AND closes_at_ms <= $2",
);
/** See `Store.closeBallots`. */
export async function closeBallots(tx: Tx, nowMs: number): Promise<number> {
  const subjects = (await due(tx, nowMs)).map(({ subjectJobId }) => subjectJobId);
  await lockBallots(tx, subjects);
  let closed = 0;
  for (const subjectJobId of subjects.toSorted())
    if ((await close(tx, subjectJobId, nowMs)) === 1) {
      await changed(tx, subjectJobId);
      closed += 1;
    }
  return closed;
}

const openWith = all<SubjectRow, [memberId: string, settingsKey: string | null]>(
  `SELECT vote.subject_job_id AS "subjectJobId" FROM vote JOIN ballot ON ballot.subject_job_id = vote.subject_job_id
   JOIN job ON job.job_id = vote.subject_job_id
   WHERE vote.member_id = $1 AND ballot.state = 'open'
   AND (CAST($2 AS TEXT) IS NULL OR coalesce(job.community_key, job.chat_key) = $2)`,
);
/** Open ballots with a vote of this member, of one chat or community, or of all. */
export const openBallotsWith = async (tx: Tx, memberId: string, settingsKey: string | undefined) =>
  (await openWith(tx, memberId, settingsKey ?? null)).map(({ subjectJobId }) => subjectJobId);
const takeOpen = run<[...Subject, memberId: string]>(
  `DELETE FROM vote WHERE subject_job_id = $1 AND member_id = $2 AND EXISTS (
   SELECT 1 FROM ballot WHERE ballot.subject_job_id = vote.subject_job_id AND ballot.state = 'open')`,
);
/** Takes these votes back, where they have not led to anything meanwhile. */
export async function takeOpenVotes(tx: Tx, subjectJobIds: readonly string[], memberId: string): Promise<void> {
  for (const subjectJobId of subjectJobIds)
    if ((await takeOpen(tx, subjectJobId, memberId)) === 1) await changed(tx, subjectJobId);
}
