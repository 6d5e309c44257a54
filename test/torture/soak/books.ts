import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { OWN_LANES } from "../../../src/jobs/own-lanes.ts";
import { CAPACITY_GPU_MS, PICTURE_GPU_MS } from "./messages.ts";

/** How far the till is from what the jobs say, in GPU ms; all zero: exact. */
export interface Audit {
  /** Σ over members of |capacity − paid − held − balance|. */
  readonly accountsOffBy: number;
  /** Jobs that ended and hold something, or are under way and hold nothing, or paid without a picture. */
  readonly jobsWrong: number;
  /** Jobs that are done, where all together paid another sum than it says, or one that is no multiple of a picture's price. */
  readonly oddPayments: number;
  readonly openJobs: number;
  readonly owedMessages: number;
}

/**
 * One look at the database, at a moment of its own, while the program goes on writing.
 *
 * @param of what each member begins with, and what every picture's price is a multiple of
 */
export function audit(folder: string, of = { capacityGpuMs: CAPACITY_GPU_MS, pictureGpuMs: PICTURE_GPU_MS }): Audit {
  const db = new DatabaseSync(join(folder, "placard.sqlite"), { readOnly: true, timeout: 5000 });
  try {
    db.exec("BEGIN");
    const number = (sql: string, ...values: readonly (number | string)[]): number =>
      Number(db.prepare(sql).get(...values)?.["n"] ?? 0);
    return {
      accountsOffBy: number(
        `SELECT coalesce(sum(abs(? - coalesce(h.gpu_ms, 0) - b.balance_gpu_ms)), 0) AS n FROM bucket b LEFT JOIN
         (SELECT member_id, sum(CASE state WHEN 'held' THEN held_gpu_ms ELSE used_gpu_ms END) AS gpu_ms
          FROM hold GROUP BY member_id) h ON h.member_id = b.member_id`,
        of.capacityGpuMs,
      ),
      jobsWrong: number(
        `SELECT count(*) AS n FROM job j JOIN hold h ON h.job_id = j.job_id
         WHERE (j.ended_at_ms IS NULL) <> (h.state = 'held') OR (j.state = 'failed' AND coalesce(h.used_gpu_ms, 0) <> 0)`,
      ),
      // Of several members who pay together each pays a share: the job's sum counts. Who cancelled in the middle pays for time, and
      // what no backend makes, a picture resampled for one, is free.
      oddPayments: number(
        `SELECT count(*) AS n FROM (
           SELECT sum(h.used_gpu_ms) AS paid, j.outcome ->> '$.usedGpuMs' AS told, j.outcome ->> '$.cancelled' AS cancelled,
           j.lane IN (SELECT value FROM json_each(?)) AS own
           FROM hold h JOIN job j ON j.job_id = h.job_id WHERE j.state = 'done' GROUP BY h.job_id)
         WHERE paid <> told OR (cancelled IS NULL AND NOT own AND (paid % ? <> 0 OR paid = 0))`,
        JSON.stringify(OWN_LANES.map(({ name }) => name)),
        of.pictureGpuMs,
      ),
      openJobs: number("SELECT count(*) AS n FROM job WHERE ended_at_ms IS NULL"),
      owedMessages: number("SELECT count(*) AS n FROM outbox WHERE abandoned = 0 AND revision > posted_revision"),
    };
  } finally {
    db.close();
  }
}

export const isExact = ({ accountsOffBy, jobsWrong, oddPayments }: Audit): boolean =>
  accountsOffBy + jobsWrong + oddPayments === 0;
