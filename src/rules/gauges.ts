import type { StoreGauges } from "../ports/gauges.ts";
import { STATE } from "./job-states.ts";
import { all, type Tx } from "./transaction.ts";

const open = all<StoreGauges["jobs"][number], []>(
  `SELECT lane, ${STATE} AS state, count(*) AS jobs FROM job WHERE ended_at_ms IS NULL GROUP BY lane, ${STATE}`,
);

/** A message that was never posted is where its owner is. */
const OWED = `SELECT o.seq AS seq, o.posted_revision AS posted,
    coalesce(j.chat_key, d.chat_key, m.chat_key, f.chat_key) AS chat
  FROM outbox o
  LEFT JOIN job j ON j.job_id = o.owner_id LEFT JOIN decision d ON d.decision_id = o.owner_id
  LEFT JOIN meeting m ON m.meeting_id = o.owner_id LEFT JOIN document f ON f.document_id = o.owner_id
  WHERE o.abandoned = 0 AND o.revision > o.posted_revision`;
const owedByChat = all<{ readonly chat: string | null; readonly messages: number }, []>(
  `SELECT chat, count(*) AS messages FROM (${OWED}) owed GROUP BY chat`,
);
const owedFirst = all<{ readonly chat: string | null; readonly seq: number; readonly posted: number }, [limit: number]>(
  `${OWED} ORDER BY o.seq LIMIT $1`,
);

const platformOf = (chatKey: string | null): string => chatKey?.split(":", 1)[0] ?? "";

/** See `Gauges`. */
export async function gauges(tx: Tx, oldestMax: number): Promise<StoreGauges> {
  const jobs = await open(tx);
  const messages = new Map<string, number>();
  for (const row of await owedByChat(tx)) {
    const platform = platformOf(row.chat);
    messages.set(platform, (messages.get(platform) ?? 0) + row.messages);
  }
  const oldest = await owedFirst(tx, oldestMax);
  return {
    jobs,
    owed: [...messages].map(([platform, count]) => ({ platform, messages: count })),
    oldest: oldest.map(({ chat, seq, posted }) => ({ platform: platformOf(chat), sending: `${seq}.${posted}` })),
  };
}
