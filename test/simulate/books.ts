import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type Audit, audit } from "../torture/soak/books.ts";
import type { World } from "./program.ts";

/** What the database says when everything is over, beside what members saw. */
export interface Books {
  readonly till: Audit;
  readonly jobs: number;
  readonly byState: ReadonlyMap<string, number>;
  /** Charged for all jobs, GPU ms. */
  readonly chargedMs: number;
  /** Members saw it accepted, and it is not there. */
  readonly lost: number;
  /** It ended, and its message never said so. */
  readonly unseen: number;
  readonly pictures: number;
  readonly bytes: number;
}

export function booksOf({ folder, model, stories }: World): Books {
  const till = audit(folder, { capacityGpuMs: model.installation.capacityGpuMs, pictureGpuMs: 1 });
  const db = new DatabaseSync(join(folder, "placard.sqlite"), { readOnly: true });
  try {
    const number = (sql: string): number => Number(db.prepare(sql).get()?.["n"] ?? 0);
    const rows = db.prepare("SELECT job_id AS id, state FROM job").all();
    const states = new Map(rows.map((row) => [String(row["id"]), String(row["state"])]));
    const byState = new Map<string, number>();
    for (const state of states.values()) byState.set(state, (byState.get(state) ?? 0) + 1);
    const told = [...stories.byJob.values()];
    return {
      till,
      jobs: states.size,
      byState,
      chargedMs: number("SELECT coalesce(sum(used_gpu_ms), 0) AS n FROM hold WHERE state = 'settled'"),
      lost: told.filter(({ jobId, accepted }) => accepted !== undefined && !states.has(jobId)).length,
      unseen: told.filter(({ jobId, endShownAtMs }) => states.has(jobId) && endShownAtMs === undefined).length,
      pictures: number("SELECT count(*) AS n FROM picture"),
      bytes: number("SELECT page_count * page_size AS n FROM pragma_page_count, pragma_page_size"),
    };
  } finally {
    db.close();
  }
}
