import { type Job, type JobOutcome, type JobState, type NewJob, SAME_WITHIN_MS } from "../../domain/job.ts";
import { chatKeyOf, settingsKeyOf } from "../../domain/place.ts";
import type { Problem } from "../../domain/problem.ts";
import type { Ahead, Store } from "../../ports/store.ts";
import { parseMessage, parseNewJob, parseOutcome, parseProblem } from "../shared/rows.ts";
import type { Database } from "./database.ts";

interface JobRow {
  readonly body: string;
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

const COLUMNS = `body, lane, state, attempt, started_at_ms AS startedAtMs, ended_at_ms AS endedAtMs,
  attached_backend AS attachedBackend, attached_key AS attachedKey, message, outcome, problem`;

const jobOf = (row: JobRow): Job => ({
  ...parseNewJob(row.body),
  lane: row.lane,
  state: row.state,
  attempt: row.attempt,
  ...(row.startedAtMs === null ? {} : { startedAtMs: row.startedAtMs }),
  ...(row.endedAtMs === null ? {} : { endedAtMs: row.endedAtMs }),
  ...(row.attachedBackend === null || row.attachedKey === null
    ? {}
    : { attached: { backend: row.attachedBackend, key: row.attachedKey } }),
  ...(row.message === null ? {} : { message: parseMessage(row.message) }),
  ...(row.outcome === null ? {} : { outcome: parseOutcome(row.outcome) }),
  ...(row.problem === null ? {} : { problem: parseProblem(row.problem) }),
});

/** A job's fair tag: max(the member's last tag in this lane, the tag of the lane's job started last) + 1. */
const NEXT_TAG = `max(
  coalesce((SELECT max(tag) FROM job WHERE member_id = ?1 AND lane = ?2 AND state <> 'cancelled'), 0),
  coalesce((SELECT tag FROM turn WHERE lane = ?2), 0)) + 1`;

const NEWEST_JOBS = 1000;

export type Queue = ReturnType<typeof queueOf>;

/**
 * Start-time fair queueing: the lowest tag of a lane runs next, ties go to the job that came first. Measured: of 225 jobs,
 * 200 by one member, the last job of five light members ends as the 47th to 51st. Cancelled jobs do not count, so whoever
 * cancels 200 jobs does not wait for 200 others.
 */
export function queueOf(db: Database, nowMs: () => number) {
  const insert = db.query(
    `INSERT INTO job(member_id, lane, job_id, chat_key, community_key, estimate_ms, body, tag)
     VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ${NEXT_TAG})`,
  );
  const select = db.query<JobRow>(`SELECT ${COLUMNS} FROM job WHERE job_id = ?`);
  const next = db.query<{ readonly seq: number; readonly tag: number }>(
    `SELECT seq, tag FROM (
       SELECT * FROM (SELECT seq, tag FROM job WHERE lane = ?1 AND state = 'queued' ORDER BY tag, seq LIMIT 1)
       UNION ALL
       SELECT seq, tag FROM job WHERE lane = ?1 AND state = 'running' AND lease_until_ms <= ?2
     ) ORDER BY tag, seq LIMIT 1`,
  );
  const start = db.query<JobRow>(
    `UPDATE job SET state = 'running', attempt = attempt + 1, lease_until_ms = ?2, started_at_ms = ?3 WHERE seq = ?1
     RETURNING ${COLUMNS}`,
  );
  const startedTag = db.query(
    "INSERT INTO turn VALUES(?, ?) ON CONFLICT(lane) DO UPDATE SET tag = max(tag, excluded.tag)",
  );
  const OURS = "WHERE job_id = ?1 AND attempt = ?2 AND state = 'running'";
  const beat = db.query(`UPDATE job SET lease_until_ms = ?3 ${OURS}`);
  const attach = db.query(`UPDATE job SET attached_backend = ?3, attached_key = ?4 ${OURS}`);
  const done = db.query(`UPDATE job SET state = 'done', ended_at_ms = ?3, outcome = ?4 ${OURS}`);
  const failed = db.query(`UPDATE job SET state = 'failed', ended_at_ms = ?3, problem = ?4 ${OURS}`);
  const giveBack = db.query(`UPDATE job SET state = 'queued', lease_until_ms = 0, started_at_ms = NULL ${OURS}`);
  const cancelled = db.query(
    "UPDATE job SET state = 'cancelled', ended_at_ms = ?2, problem = ?3 WHERE job_id = ?1 AND ended_at_ms IS NULL",
  );
  const stopped = db.query(`UPDATE job SET state = ?3, ended_at_ms = ?4, problem = ?5, outcome = ?6 ${OURS}`);
  // The newest jobs only: none of a member's few minutes lies deeper, and reading all of them would take longer each year.
  const same = db.query<JobRow>(
    `SELECT ${COLUMNS} FROM job
     WHERE seq > (SELECT coalesce(max(seq), 0) FROM job) - ${NEWEST_JOBS} AND member_id = ?1 AND chat_key = ?2
       AND body ->> '$.said.words' = ?3 AND abs(body ->> '$.said.atMs' - ?4) <= ${SAME_WITHIN_MS}
       AND (?5 = 1 OR body ->> '$.said.late' = 1) AND state <> 'failed' AND (?5 = 1 OR state <> 'cancelled')
     ORDER BY seq DESC LIMIT 1`,
  );
  const newestLate = db.query<{ readonly atMs: number | null }>(
    `SELECT max(body ->> '$.said.atMs') AS atMs FROM job
     WHERE seq > (SELECT coalesce(max(seq), 0) FROM job) - ${NEWEST_JOBS} AND body ->> '$.said.late' = 1`,
  );
  // Hardly any job is late. Without this each that is not would look through all the newest ones: half of the speed.
  let lateUntilMs: number | undefined;
  const noteLate = (atMs: number): void => {
    lateUntilMs = Math.max(lateUntilMs ?? Number.NEGATIVE_INFINITY, atMs + SAME_WITHIN_MS);
  };
  const requeue = db.query(
    "UPDATE job SET state = 'queued', lease_until_ms = 0, started_at_ms = NULL WHERE state = 'running'",
  );
  const openOf = db.query<{ readonly open: number }>(
    "SELECT count(*) AS open FROM job WHERE member_id = ? AND ended_at_ms IS NULL",
  );
  const ownOpen = db.query<JobRow>(
    `SELECT ${COLUMNS} FROM job WHERE member_id = ?1 AND ended_at_ms IS NULL
       AND (?2 IS NULL OR coalesce(community_key, chat_key) = ?2)`,
  );
  const stray = db.query<{ readonly seq: number; readonly memberId: string }>(
    `SELECT seq, member_id AS memberId FROM job
     WHERE ended_at_ms IS NULL AND lane NOT IN (SELECT value FROM json_each(?)) ORDER BY tag, seq`,
  );
  const move = db.query(`UPDATE job SET lane = ?2, tag = ${NEXT_TAG} WHERE seq = ?3`);
  const waiting = db.query<{ readonly jobs: number; readonly estimateMs: number }>(
    `SELECT count(*) AS jobs, coalesce(sum(estimate_ms), 0) AS estimateMs FROM job
     WHERE lane = ?1 AND state = 'queued' AND (tag, seq) < (?2, ?3)`,
  );
  const running = db.query<{ readonly estimateMs: number }>(
    `SELECT coalesce(sum(max(0, estimate_ms - max(0, ?2 - started_at_ms))), 0) AS estimateMs FROM job
     WHERE lane = ?1 AND state = 'running'`,
  );
  const tagged = db.query<{ readonly lane: string; readonly tag: number; readonly seq: number }>(
    "SELECT lane, tag, seq FROM job WHERE job_id = ? AND state = 'queued'",
  );
  const open = db.query<JobRow>(
    `SELECT ${COLUMNS} FROM job WHERE ended_at_ms IS NULL
     AND (?1 IS NULL OR chat_key = ?1) AND (?2 IS NULL OR member_id = ?2) AND (?3 IS NULL OR lane = ?3)
     ORDER BY state = 'queued', tag, seq LIMIT ?4`,
  );
  const loads = db.query<{ readonly lane: string; readonly ms: number }>(
    "SELECT lane, SUM(estimate_ms) AS ms FROM job WHERE ended_at_ms IS NULL GROUP BY lane",
  );
  const counted = db.query<{ readonly queued: number; readonly running: number }>(
    `SELECT coalesce(sum(state = 'queued'), 0) AS queued, coalesce(sum(state = 'running'), 0) AS running
     FROM job WHERE ended_at_ms IS NULL`,
  );
  const job = (jobId: string): Job | undefined => {
    const row = select.get(jobId);
    return row && jobOf(row);
  };

  return {
    job,
    openOf: (memberId: string): number => openOf.get(memberId)?.open ?? 0,
    enqueue(newJob: NewJob): Job {
      const { jobId, memberId, lane, estimateMs, target } = newJob;
      const community = target.place.communityId === undefined ? null : settingsKeyOf(target.place);
      insert.run(memberId, lane, jobId, chatKeyOf(target.place), community, estimateMs, JSON.stringify(newJob));
      if (newJob.said?.late) noteLate(newJob.said.atMs);
      return { ...newJob, state: "queued", attempt: 0 };
    },
    /** The job of the same words, where one of the two came late. */
    same({ memberId, target, said }: NewJob): Job | undefined {
      if (!said) return undefined;
      if (lateUntilMs === undefined) noteLate(newestLate.get()?.atMs ?? Number.NEGATIVE_INFINITY);
      if (!said.late && lateUntilMs !== undefined && said.atMs > lateUntilMs) return undefined;
      const row = same.get(memberId, chatKeyOf(target.place), said.words, said.atMs, said.late ? 1 : 0);
      return row && jobOf(row);
    },
    claim(lane: string, atMs: number, leaseMs: number): Job | undefined {
      const found = next.get(lane, atMs);
      if (!found) return undefined;
      startedTag.run(lane, found.tag);
      const row = start.get(found.seq, atMs + leaseMs, atMs);
      return row && jobOf(row);
    },
    heartbeat: (jobId: string, attempt: number, leaseUntilMs: number) => beat.run(jobId, attempt, leaseUntilMs) === 1,
    attach(jobId: string, attempt: number, attached: { readonly backend: string; readonly key: string }): void {
      attach.run(jobId, attempt, attached.backend, attached.key);
    },
    done: (jobId: string, attempt: number, outcome: JobOutcome, atMs: number) =>
      done.run(jobId, attempt, atMs, JSON.stringify(outcome)) === 1,
    failed: (jobId: string, attempt: number, problem: Problem, atMs: number) =>
      failed.run(jobId, attempt, atMs, JSON.stringify(problem)) === 1,
    giveBack: (jobId: string, attempt: number) => giveBack.run(jobId, attempt) === 1,
    cancelled: (jobId: string, problem: Problem, atMs: number) =>
      cancelled.run(jobId, atMs, JSON.stringify(problem)) === 1,
    /** In the middle of this attempt: "done" with what is finished. */
    stopped(
      { jobId, attempt }: Pick<Job, "jobId" | "attempt">,
      ended:
        | { readonly state: "done"; readonly outcome: JobOutcome }
        | { readonly state: "cancelled"; readonly outcome: JobOutcome; readonly problem: Problem },
      atMs: number,
    ): boolean {
      const problem = ended.state === "cancelled" ? JSON.stringify(ended.problem) : null;
      return stopped.run(jobId, attempt, ended.state, atMs, problem, JSON.stringify(ended.outcome)) === 1;
    },
    recover: () => requeue.run(),
    moveLanes(known: readonly string[], lane: string): number {
      const strays = stray.all(JSON.stringify([...known, lane]));
      // One by one, in their old order: each takes the fair tag that a new job of that member would get in the new lane.
      for (const { seq, memberId } of strays) move.run(memberId, lane, seq);
      return strays.length;
    },
    ahead(jobId: string): Ahead | undefined {
      const own = tagged.get(jobId);
      if (!own) return undefined;
      const before = waiting.get(own.lane, own.tag, own.seq);
      return {
        jobs: before?.jobs ?? 0,
        estimateMs: (before?.estimateMs ?? 0) + (running.get(own.lane, nowMs())?.estimateMs ?? 0),
      };
    },
    openJobs: (filter: Parameters<Store["openJobs"]>[0], limit: number): readonly Job[] =>
      open.all(filter.chatKey ?? null, filter.memberId ?? null, filter.lane ?? null, limit).map(jobOf),
    /** A member's open jobs that nobody else pays for, in one chat or community, or in all. */
    ownOpen: (memberId: string, settingsKey: string | undefined): readonly Job[] =>
      ownOpen
        .all(memberId, settingsKey ?? null)
        .map(jobOf)
        .filter(({ voterNames }) => voterNames.length === 0),
    counts: () => ({ queued: 0, running: 0, ...counted.get() }),
    loads: () => new Map(loads.all().map(({ lane, ms }) => [lane, ms])),
  };
}
