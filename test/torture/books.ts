import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { isPot } from "../../src/domain/pot.ts";
import { CAPACITY_GPU_MS } from "./wire.ts";

/** What the database holds when everything is over. */
export interface Books {
  readonly jobIds: ReadonlySet<string>;
  readonly heldGpuMs: number;
  /** In all pots. */
  readonly potGpuMs: number;
  /** Of a decision: how it is stored, and whose votes are in it. */
  decision(decisionId: string): StoredDecision | undefined;
  /** See `errorGpuMs`. */
  errorGpuMs(memberIds: readonly string[], spentGpuMs: ReadonlyMap<string, number>): number;
}

/** Σ over these members of |capacity − what their pictures cost − balance|, in GPU ms. */
export const errorGpuMs = (
  balances: ReadonlyMap<string, number>,
  memberIds: readonly string[],
  spentGpuMs: ReadonlyMap<string, number>,
): number =>
  memberIds.reduce(
    (sum, id) => sum + Math.abs(CAPACITY_GPU_MS - (spentGpuMs.get(id) ?? 0) - (balances.get(id) ?? CAPACITY_GPU_MS)),
    0,
  );

interface StoredDecision {
  readonly state: string;
  readonly outcome: unknown;
  /** What each chose, by member, as stored. */
  readonly choices: ReadonlyMap<string, string>;
}

function decisionsIn(db: DatabaseSync): ReadonlyMap<string, StoredDecision> {
  const votes = db.prepare("SELECT member_id AS member, choices FROM decision_vote WHERE decision_id = ?");
  const rows = db.prepare("SELECT decision_id AS id, state, outcome FROM decision").all();
  return new Map(
    rows.map((row) => [
      String(row["id"]),
      {
        state: String(row["state"]),
        outcome: row["outcome"] === null ? undefined : JSON.parse(String(row["outcome"])),
        choices: new Map(
          votes.all(String(row["id"])).map((vote) => [String(vote["member"]), String(vote["choices"])] as const),
        ),
      },
    ]),
  );
}

/** Of Placard's own database, or of the control's, which has no holds. */
export function readBooks(folder: string, of: "placard" | "naive" = "placard"): Books {
  const db = new DatabaseSync(join(folder, `${of}.sqlite`), { readOnly: true });
  try {
    const jobIds = db.prepare(of === "naive" ? "SELECT update_number AS id FROM job" : "SELECT job_id AS id FROM job");
    const balances = new Map(
      db
        .prepare("SELECT member_id AS id, balance_gpu_ms AS gpuMs FROM bucket")
        .all()
        .map((row) => [String(row["id"]), Number(row["gpuMs"])]),
    );
    const held =
      of === "naive"
        ? undefined
        : db.prepare("SELECT coalesce(sum(held_gpu_ms), 0) AS gpuMs FROM hold WHERE state = 'held'").get();
    const decisions = of === "naive" ? new Map<string, StoredDecision>() : decisionsIn(db);
    return {
      jobIds: new Set(jobIds.all().map((row) => String(row["id"]))),
      heldGpuMs: Number(held?.["gpuMs"] ?? 0),
      potGpuMs: [...balances].reduce((sum, [id, gpuMs]) => (isPot(id) ? sum + gpuMs : sum), 0),
      decision: (id) => decisions.get(id),
      errorGpuMs: (memberIds, spentGpuMs) => errorGpuMs(balances, memberIds, spentGpuMs),
    };
  } finally {
    db.close();
  }
}
