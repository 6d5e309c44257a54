import { type Preview, type SeenWork, TELL_AGAIN_MS, type ToldWork, type WorkSoFar } from "../ports/fleet.ts";
import { parseProgress, parseSoFar } from "./rows.ts";
import { all, one, run, type Tx } from "./transaction.ts";

// What others see of jobs that run: a row for each, which the worker overwrites. What it says of another attempt than the one that
// has the job is nobody's.

type NewRow = [
  jobId: string,
  attempt: number,
  atMs: number,
  progress: string | null,
  soFar: string | null,
  chargePerMs: number,
  previewVersion: number,
  preview: string | null,
];
const tell = run<NewRow>(
  `INSERT INTO job_progress(job_id, attempt, at_ms, progress, so_far, charge_per_ms, preview_version, preview)
   SELECT job_id, attempt, CAST($3 AS BIGINT), CAST($4 AS TEXT), CAST($5 AS TEXT), CAST($6 AS DOUBLE PRECISION),
     CAST($7 AS BIGINT), CAST($8 AS TEXT)
   FROM job WHERE job_id = $1 AND attempt = $2 AND state = 'running'
   ON CONFLICT(job_id) DO UPDATE SET attempt = excluded.attempt, at_ms = excluded.at_ms, progress = excluded.progress,
     so_far = excluded.so_far, charge_per_ms = excluded.charge_per_ms,
     preview_version = CASE WHEN excluded.preview IS NULL THEN job_progress.preview_version ELSE excluded.preview_version END,
     preview = coalesce(excluded.preview, job_progress.preview)
   WHERE job_progress.attempt <= excluded.attempt`,
);
/** See `Fleet.tellWork`. */
export async function tellWork(tx: Tx, work: ToldWork): Promise<boolean> {
  const { jobId, attempt, atMs, progress, soFar, chargePerMs, preview } = work;
  const changed = await tell(
    tx,
    jobId,
    attempt,
    atMs,
    progress ? JSON.stringify(progress) : null,
    soFar ? JSON.stringify(soFar) : null,
    chargePerMs,
    preview?.version ?? 0,
    preview ? Buffer.from(preview.jpeg).toString("base64") : null,
  );
  return changed === 1;
}

const KEPT_MS = 60_000;
const sweep = run<[endedBeforeMs: number]>(
  `DELETE FROM job_progress WHERE EXISTS
   (SELECT 1 FROM job WHERE job.job_id = job_progress.job_id AND ended_at_ms <= $1)`,
);
/** See `Fleet.sweepWork`. */
export const sweepWork = (tx: Tx, nowMs: number) => sweep(tx, nowMs - KEPT_MS);

interface Row {
  readonly jobId: string;
  readonly attempt: number;
  readonly atMs: number;
  readonly chatKey: string;
  readonly progress: string | null;
  readonly chargePerMs: number;
  readonly previewVersion: number;
}
const NOW = "FROM job_progress JOIN job ON job.job_id = job_progress.job_id AND job.attempt = job_progress.attempt";
const seen = all<Row, []>(
  `SELECT job.job_id AS "jobId", job.attempt AS attempt, at_ms AS "atMs", chat_key AS "chatKey", progress,
     charge_per_ms AS "chargePerMs", preview_version AS "previewVersion" ${NOW} WHERE state = 'running'
   ORDER BY job.seq`,
);
export const seenWork = async (tx: Tx): Promise<readonly SeenWork[]> =>
  (await seen(tx)).map(({ progress, ...row }) => ({
    ...row,
    ...(progress === null ? {} : { progress: parseProgress(progress) }),
  }));

const soFarOf = one<
  { readonly soFar: string | null; readonly atMs: number; readonly chargePerMs: number },
  [jobId: string]
>(
  `SELECT so_far AS "soFar", at_ms AS "atMs", charge_per_ms AS "chargePerMs" ${NOW}
   WHERE job.job_id = $1 AND state = 'running'`,
);
/** See `Fleet.workSoFar`. A worker that tells nothing any more is dead, and uses nothing. */
export async function workSoFar(tx: Tx, jobId: string, nowMs: number): Promise<WorkSoFar | undefined> {
  const row = await soFarOf(tx, jobId);
  if (!row || row.soFar === null) return undefined;
  const { outcome, ...soFar } = parseSoFar(row.soFar);
  const sinceMs = Math.min(Math.max(0, nowMs - row.atMs), TELL_AGAIN_MS);
  const usedGpuMs = outcome.usedGpuMs + Math.round(sinceMs * row.chargePerMs);
  return { ...soFar, outcome: { ...outcome, usedGpuMs, tookMs: outcome.tookMs + sinceMs } };
}

const previewOf = one<{ readonly version: number; readonly preview: string }, [jobId: string]>(
  `SELECT preview_version AS version, preview FROM job_progress WHERE job_id = $1 AND preview IS NOT NULL`,
);
export async function preview(tx: Tx, jobId: string): Promise<Preview | undefined> {
  const row = await previewOf(tx, jobId);
  return row && { version: row.version, jpeg: Buffer.from(row.preview, "base64") };
}
