import type { FinishInput, Speed } from "../ports/store.ts";
import { effect, one, type Tx } from "./transaction.ts";

// Measured cost of each backend, an exponentially weighted mean.

/** What later runs count for: one run of five is new, so a slow start is forgotten after about ten runs. */
const NEWEST_RUN_WEIGHT = 0.2;

const select = one<Speed, [backend: string]>(
  `SELECT per_megapixel_step_ms AS "perMegapixelStepMs", runs FROM speed WHERE backend = $1`,
);
const put = effect<[backend: string, perMegapixelStepMs: number]>(
  `INSERT INTO speed(backend, per_megapixel_step_ms, runs) VALUES($1, $2, 1) ON CONFLICT(backend) DO UPDATE SET
   runs = speed.runs + 1, per_megapixel_step_ms = speed.per_megapixel_step_ms
     + ${NEWEST_RUN_WEIGHT} * (excluded.per_megapixel_step_ms - speed.per_megapixel_step_ms)`,
);

export async function speedOf(tx: Tx, backend: string): Promise<Speed | undefined> {
  const row = await select(tx, backend);
  return row && { ...row };
}

/** `megapixelSteps` is the work of the whole run, all its pictures. */
export async function measured(tx: Tx, run: NonNullable<FinishInput["measured"]>): Promise<void> {
  if (run.megapixelSteps > 0 && run.usedMs >= 0) await put(tx, run.backend, run.usedMs / run.megapixelSteps);
}
