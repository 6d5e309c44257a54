import type { StoreGauges } from "../ports/gauges.ts";
import { STATE } from "./job-states.ts";
import { all, type Tx } from "./transaction.ts";

const open = all<StoreGauges["jobs"][number], []>(
  `SELECT lane, ${STATE} AS state, count(*) AS jobs FROM job WHERE ended_at_ms IS NULL GROUP BY lane, ${STATE}`,
);

const OWED = "FROM outbox WHERE abandoned = 0 AND revision > posted_revision";
const owedTo = all<StoreGauges["owed"][number], []>(
  `SELECT goes_to AS platform, count(*) AS messages ${OWED} GROUP BY goes_to`,
);
const owedFirst = all<{ readonly platform: string; readonly seq: number; readonly posted: number }, [limit: number]>(
  `SELECT goes_to AS platform, seq, posted_revision AS posted ${OWED} ORDER BY seq LIMIT $1`,
);

/** See `Gauges`. */
export async function gauges(tx: Tx, oldestMax: number): Promise<StoreGauges> {
  const jobs = await open(tx);
  const owed = await owedTo(tx);
  const oldest = await owedFirst(tx, oldestMax);
  return {
    jobs,
    owed,
    oldest: oldest.map(({ platform, seq, posted }) => ({ platform, sending: `${seq}.${posted}` })),
  };
}
