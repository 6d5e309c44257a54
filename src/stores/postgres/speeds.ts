import { z } from "zod";
import type { Speed } from "../../ports/store.ts";
import { withClient } from "./pool.ts";

const ANSWER_WITHIN_MS = 5000;

const rowsSchema = z.array(z.object({ backend: z.string(), perMegapixelStepMs: z.number(), runs: z.coerce.number() }));

/** What was measured, by backend. @throws Error where the database does not answer, or has no tables yet */
export const speedsIn = (address: string): Promise<ReadonlyMap<string, Speed>> =>
  withClient(address, ANSWER_WITHIN_MS, async (client) => {
    const { rows } = await client.query(
      'SELECT backend, per_megapixel_step_ms AS "perMegapixelStepMs", runs FROM speed',
    );
    return new Map(rowsSchema.parse(rows).map(({ backend, ...speed }) => [backend, speed]));
  });
