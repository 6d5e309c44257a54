import { type Job, type JobState, type NewJob, SAME_WITHIN_MS } from "../domain/job.ts";
import { chatKeyOf, settingsKeyOf } from "../domain/place.ts";
import type { Ahead, Store } from "../ports/store.ts";
import { sumOver } from "./accounts.ts";
import { STATE, WAITS } from "./job-states.ts";
import { jobBody, messageBody, movedTo, parseOutcome, parseProblem, parseWithOriginals } from "./rows.ts";
import { all, effect, number, one, run, type Tx } from "./transaction.ts";

interface JobRow {
  readonly body: string;
  readonly chatKey: string;
  readonly lane: string;
  readonly state: JobState;
  readonly attempt: number;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
  readonly attachedBackend: string | null;
  readonly attachedKey: string | null;
  readonly message: string | null;
  readonly outcome: string | null;
  readonly problem: string | null;
}

// Where its message is says the outbox alone, so that noting it never waits for what ends the job.
const COLUMNS = `body, chat_key AS "chatKey", lane, ${STATE} AS state, attempt, started_at_ms AS "startedAtMs",
  ended_at_ms AS "endedAtMs", attached_backend AS "attachedBackend", attached_key AS "attachedKey", outcome, problem,
  (SELECT message FROM outbox WHERE outbox.owner_id = job.job_id AND outbox.kind = 'job') AS message`;

function jobOf(row: JobRow): Job {
  return {
    ...inChat(row.chatKey, jobBody.parse(row.body)),
    lane: row.lane,
    state: row.state,
    attempt: row.attempt,
    ...(row.startedAtMs === null ? {} : { startedAtMs: row.startedAtMs }),
    ...(row.endedAtMs === null ? {} : { endedAtMs: row.endedAtMs }),
    ...(row.attachedBackend === null || row.attachedKey === null
      ? {}
      : { attached: { backend: row.attachedBackend, key: row.attachedKey } }),
    ...(row.message === null ? {} : { message: messageBody.parse(row.message) }),
    ...(row.outcome === null ? {} : { outcome: parseOutcome(row.outcome) }),
    ...(row.problem === null ? {} : { problem: parseProblem(row.problem) }),
  };
}
function inChat(chatKey: string, job: NewJob): NewJob {
  const place = movedTo(chatKey, job.target.place);
  return place === job.target.place ? job : { ...job, target: { ...job.target, place } };
}

const select = one<JobRow, [jobId: string]>(`SELECT ${COLUMNS} FROM job WHERE job_id = $1`);
export async function jobBy(tx: Tx, jobId: string): Promise<Job | undefined> {
  const row = await select(tx, jobId);
  return row && jobOf(row);
}

const bodyOf = one<{ readonly body: string }, [jobId: string]>("SELECT body FROM job WHERE job_id = $1");
export async function wantsOriginals(tx: Tx, jobId: string): Promise<boolean> {
  const row = await bodyOf(tx, jobId);
  return row !== undefined && parseWithOriginals(row.body);
}

/**
 * A job's fair tag: max(the person's last tag in this lane, the tag of the lane's job started last) + 1. Start-time fair
 * queueing: the lowest tag of a lane runs next, ties go to the job that came first. Measured: of 225 jobs, 200 by one member,
 * the last job of five light members ends as the 47th to 51st. Cancelled jobs do not count (see `untag`), so whoever cancels
 * 200 jobs does not wait for 200 others.
 */
const NEXT_TAG = `GREATEST(
  coalesce((SELECT max((SELECT max(tag) FROM job WHERE job.member_id = account.member_id AND lane = $2)) FROM (
    SELECT CAST($1 AS TEXT) AS member_id UNION
    SELECT other.member_id FROM link own JOIN link other ON other.person_id = own.person_id WHERE own.member_id = $1
  ) account), 0),
  coalesce((SELECT tag FROM turn WHERE lane = $2), 0)) + 1`;

type NewRow = [
  memberId: string,
  lane: string,
  jobId: string,
  chatKey: string,
  communityKey: string | null,
  estimateMs: number,
  body: string,
  saidWords: string | null,
  saidAtMs: number | null,
  saidLate: number,
  tryAtMs: number | null,
];
// One that waits for allowance takes its turn when it starts.
const insert = effect<NewRow>(
  `INSERT INTO job(member_id, lane, job_id, chat_key, community_key, estimate_ms, body, said_words, said_at_ms, said_late,
   try_at_ms, tag)
   VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, CASE WHEN CAST($11 AS BIGINT) IS NULL THEN ${NEXT_TAG} ELSE 0 END)`,
);
/** Into its queue, or beside all queues until it is time. @param tryAtMs of a deferred one */
export async function enqueue(tx: Tx, job: NewJob, tryAtMs?: number): Promise<Job> {
  const { jobId, memberId, lane, estimateMs, target, said } = job;
  const community = target.place.communityId === undefined ? null : settingsKeyOf(target.place);
  const words = [said?.words ?? null, said?.atMs ?? null, said?.late ? 1 : 0] as const;
  await insert(
    tx,
    memberId,
    lane,
    jobId,
    chatKeyOf(target.place),
    community,
    estimateMs,
    jobBody.text(job),
    ...words,
    tryAtMs ?? null,
  );
  return { ...job, state: tryAtMs === undefined ? "queued" : "deferred", attempt: 0 };
}

// Hardly any job is late. Without this question each that is not would look through all the newest ones.
const lateAround = one<object, [atMs: number]>(
  `SELECT 1 AS late FROM job WHERE said_late = 1 AND said_at_ms >= CAST($1 AS BIGINT) - ${SAME_WITHIN_MS} LIMIT 1`,
);
const NEWEST_JOBS = 1000;
// The newest jobs only: none of a member's few minutes lies deeper, and reading all of them would take longer each year.
const same = one<JobRow, [memberId: string, chatKey: string, words: string, atMs: number, late: number]>(
  `SELECT ${COLUMNS} FROM job
   WHERE seq > (SELECT coalesce(max(seq), 0) FROM job) - ${NEWEST_JOBS} AND member_id = $1 AND chat_key = $2
     AND said_words = $3 AND abs(said_at_ms - $4) <= ${SAME_WITHIN_MS}
     AND ($5 = 1 OR said_late = 1) AND state <> 'failed' AND ($5 = 1 OR state <> 'cancelled')
   ORDER BY seq DESC LIMIT 1`,
);
/** The job of the same words, where one of the two came late. */
export async function sameSaid(tx: Tx, { memberId, target, said }: NewJob): Promise<Job | undefined> {
  if (!said) return undefined;
  if (!said.late && !(await lateAround(tx, said.atMs))) return undefined;
  const row = await same(tx, memberId, chatKeyOf(target.place), said.words, said.atMs, said.late ? 1 : 0);
  return row && jobOf(row);
}

const openOf = number<[memberId: string]>(
  "SELECT count(*) AS n FROM job WHERE member_id = $1 AND ended_at_ms IS NULL AND try_at_ms IS NULL",
);
const deferredOf = number<[memberId: string]>(
  "SELECT count(*) AS n FROM job WHERE member_id = $1 AND try_at_ms IS NOT NULL",
);
export const openJobsOf = (tx: Tx, memberId: string) => sumOver(tx, memberId, openOf);
export const deferredJobsOf = (tx: Tx, memberId: string) => sumOver(tx, memberId, deferredOf);
// "+seq": for the order of its rows SQLite would read through all jobs there ever were, of which hardly any waits like this.
const deferredRows = all<JobRow, [nowMs: number, limit: number]>(
  `SELECT ${COLUMNS} FROM job WHERE try_at_ms <= $1 ORDER BY +seq LIMIT $2`,
);
export const dueDeferred = async (tx: Tx, nowMs: number, limit: number): Promise<readonly Job[]> =>
  (await deferredRows(tx, nowMs, limit)).map(jobOf);
const priceRow = effect<[memberId: string, lane: string, jobId: string, estimateMs: number, body: string]>(
  `UPDATE job SET try_at_ms = NULL, lane = $2, tag = ${NEXT_TAG}, estimate_ms = $4, body = $5 WHERE job_id = $3`,
);
/** Out of its wait and into the queue of its lane, as it is priced now. */
export const queueDeferred = (tx: Tx, job: NewJob) =>
  priceRow(tx, job.memberId, job.lane, job.jobId, job.estimateMs, JSON.stringify(job));
const waitRow = effect<[jobId: string, tryAtMs: number, body: string]>(
  "UPDATE job SET try_at_ms = $2, body = $3 WHERE job_id = $1 AND try_at_ms IS NOT NULL",
);
export const deferFurther = (tx: Tx, job: NewJob, tryAtMs: number) =>
  waitRow(tx, job.jobId, tryAtMs, JSON.stringify(job));

const startRow = one<JobRow, [jobId: string, claimId: string, leaseUntilMs: number, nowMs: number]>(
  `UPDATE job SET state = 'running', attempt = attempt + 1, claim_id = $2, lease_until_ms = $3, started_at_ms = $4
   WHERE job_id = $1 RETURNING ${COLUMNS}`,
);
export interface Claim {
  readonly lane: string;
  readonly claimId: string;
  readonly nowMs: number;
  readonly leaseMs: number;
}
export async function startJob(tx: Tx, jobId: string, { claimId, nowMs, leaseMs }: Claim): Promise<Job | undefined> {
  const row = await startRow(tx, jobId, claimId, nowMs + leaseMs, nowMs);
  return row && jobOf(row);
}
const claimedRow = one<JobRow, [claimId: string]>(
  `SELECT ${COLUMNS} FROM job WHERE claim_id = $1 AND ended_at_ms IS NULL`,
);
export async function jobClaimed(tx: Tx, claimId: string): Promise<Job | undefined> {
  const row = await claimedRow(tx, claimId);
  return row && jobOf(row);
}
export const turnTo = effect<[lane: string, tag: number]>(
  "INSERT INTO turn(lane, tag) VALUES($1, $2) ON CONFLICT(lane) DO UPDATE SET tag = GREATEST(turn.tag, excluded.tag)",
);

// One statement is its own lock: nothing is decided by what was read before.
type Ours = [jobId: string, attempt: number];
const OURS = "WHERE job_id = $1 AND attempt = $2 AND state = 'running'";
export const keepLease = run<[...Ours, leaseUntilMs: number]>(`UPDATE job SET lease_until_ms = $3 ${OURS}`);
export const attachTo = effect<[...Ours, backend: string, key: string]>(
  `UPDATE job SET attached_backend = $3, attached_key = $4 ${OURS}`,
);
export const queueAgain = run<Ours>(
  `UPDATE job SET state = 'queued', lease_until_ms = 0, started_at_ms = NULL ${OURS}`,
);
export const queueAllAgain = run<[]>(
  "UPDATE job SET state = 'queued', lease_until_ms = 0, started_at_ms = NULL WHERE state = 'running'",
);
export const endJob = effect<
  [jobId: string, state: "done" | "failed" | "cancelled", nowMs: number, outcome: string | null, problem: string | null]
>("UPDATE job SET state = $2, ended_at_ms = $3, outcome = $4, problem = $5, try_at_ms = NULL WHERE job_id = $1");
/** Of a job that was cancelled. Apart from its end: that of others would write the index of tags, too. */
export const untag = effect<[jobId: string]>("UPDATE job SET tag = 0 WHERE job_id = $1");

const allOpen = all<{ readonly jobId: string; readonly lane: string; readonly memberId: string }, []>(
  `SELECT job_id AS "jobId", lane, member_id AS "memberId" FROM job WHERE ended_at_ms IS NULL AND try_at_ms IS NULL
   ORDER BY tag, seq`,
);
/** Open jobs of other lanes, in the order they would start. */
export async function straysFrom(tx: Tx, lanes: readonly string[]) {
  const known = new Set(lanes);
  return (await allOpen(tx)).filter(({ lane }) => !known.has(lane));
}
export const moveToLane = effect<[memberId: string, lane: string, jobId: string]>(
  `UPDATE job SET lane = $2, tag = ${NEXT_TAG} WHERE job_id = $3`,
);

const tagged = one<{ readonly lane: string; readonly tag: number; readonly seq: number }, [jobId: string]>(
  `SELECT lane, tag, seq FROM job WHERE job_id = $1 AND ${WAITS}`,
);
const waitingBefore = one<Ahead, [lane: string, tag: number, seq: number]>(
  `SELECT count(*) AS jobs, CAST(coalesce(sum(estimate_ms), 0) AS BIGINT) AS "estimateMs" FROM job
   WHERE lane = $1 AND ${WAITS} AND (tag, seq) < ($2, $3)`,
);
const runningMs = number<[lane: string, nowMs: number]>(
  `SELECT CAST(coalesce(sum(GREATEST(0, estimate_ms - GREATEST(0, $2 - started_at_ms))), 0) AS BIGINT) AS n FROM job
   WHERE lane = $1 AND state = 'running'`,
);
export async function aheadOf(tx: Tx, jobId: string, nowMs: number): Promise<Ahead | undefined> {
  const own = await tagged(tx, jobId);
  if (!own) return undefined;
  const before = await waitingBefore(tx, own.lane, own.tag, own.seq);
  return { jobs: before?.jobs ?? 0, estimateMs: (before?.estimateMs ?? 0) + (await runningMs(tx, own.lane, nowMs)) };
}

const waitingRows = all<JobRow, [lane: string, limit: number]>(
  `SELECT ${COLUMNS} FROM job WHERE lane = $1 AND ${WAITS} ORDER BY tag, seq LIMIT $2`,
);
export const nextJobs = async (tx: Tx, lane: string, limit: number): Promise<readonly Job[]> =>
  (await waitingRows(tx, lane, limit)).map(jobOf);

type Filter = Parameters<Store["openJobs"]>[0];
const OF_MEMBER = `(member_id = $2 OR member_id IN (
  SELECT other.member_id FROM link own JOIN link other ON other.person_id = own.person_id WHERE own.member_id = $2))`;
/** What is not filtered by is not in the text: a member's few are found by their index, and not among everybody's. */
const openBy = (chat: boolean, member: boolean, lane: boolean) =>
  all<JobRow, [chatKey: string, memberId: string, lane: string, limit: number]>(
    `SELECT ${COLUMNS} FROM job WHERE ended_at_ms IS NULL
     AND ${chat ? "chat_key = $1" : "CAST($1 AS TEXT) = ''"} AND ${member ? OF_MEMBER : "CAST($2 AS TEXT) = ''"}
     AND ${lane ? "lane = $3" : "CAST($3 AS TEXT) = ''"}
     ORDER BY try_at_ms IS NOT NULL, state = 'queued', tag, seq LIMIT $4`,
  );
const BOTH = [false, true];
const openRows = BOTH.map((chat) => BOTH.map((member) => BOTH.map((lane) => openBy(chat, member, lane))));
export async function openJobs(tx: Tx, { chatKey, memberId, lane }: Filter, limit: number) {
  const open = openRows[chatKey === undefined ? 0 : 1]?.[memberId === undefined ? 0 : 1]?.[lane === undefined ? 0 : 1];
  return ((await open?.(tx, chatKey ?? "", memberId ?? "", lane ?? "", limit)) ?? []).map(jobOf);
}

const ownOpen = all<JobRow, [memberId: string, settingsKey: string | null]>(
  `SELECT ${COLUMNS} FROM job WHERE member_id = $1 AND ended_at_ms IS NULL
   AND (CAST($2 AS TEXT) IS NULL OR coalesce(community_key, chat_key) = $2)`,
);
/** The open jobs of a person's accounts that nobody else pays for, in one chat or community, or in all. */
export async function ownOpenJobs(
  tx: Tx,
  accountIds: readonly string[],
  settingsKey: string | undefined,
): Promise<readonly Job[]> {
  const rows: JobRow[] = [];
  for (const account of accountIds) rows.push(...(await ownOpen(tx, account, settingsKey ?? null)));
  return rows.map(jobOf).filter((job) => job.voterNames.length === 0);
}

const counted = one<{ readonly queued: number; readonly running: number }, []>(
  `SELECT count(*) FILTER (WHERE ${WAITS}) AS queued, count(*) FILTER (WHERE state = 'running') AS running
   FROM job WHERE ended_at_ms IS NULL`,
);
export const countJobs = async (tx: Tx) => ({ queued: 0, running: 0, ...(await counted(tx)) });

// Asked for each order: waiting ones, of which there can be many, are summed in the order of their index, without sorting them.
const loads = all<{ readonly lane: string; readonly ms: number }, []>(
  `SELECT lane, CAST(sum(ms) AS BIGINT) AS ms FROM (
     SELECT lane, sum(estimate_ms) AS ms FROM job WHERE ${WAITS} GROUP BY lane
     UNION ALL SELECT lane, estimate_ms FROM job WHERE state = 'running') open_job GROUP BY lane`,
);
export const loadsByLane = async (tx: Tx) => new Map((await loads(tx)).map(({ lane, ms }) => [lane, ms]));
