import { statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import type { Speed } from "../../ports/store.ts";

const LOOK_WITHIN_MS = 5000;

const rowsSchema = z.array(z.object({ backend: z.string(), perMegapixelStepMs: z.number(), runs: z.number() }));

/** What was measured, by backend, without changing anything, beside a Placard at work too. `undefined`: there is no file yet. */
export function speedsIn(file: string): ReadonlyMap<string, Speed> | undefined {
  if (!statSync(file, { throwIfNoEntry: false })?.size) return undefined;
  const db = new DatabaseSync(file, { readOnly: true, timeout: LOOK_WITHIN_MS });
  try {
    const rows = db.prepare('SELECT backend, per_megapixel_step_ms AS "perMegapixelStepMs", runs FROM speed').all();
    return new Map(rowsSchema.parse(rows).map(({ backend, ...speed }) => [backend, speed]));
  } finally {
    db.close();
  }
}
