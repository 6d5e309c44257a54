import type { Leader, Reign } from "../ports/leader.ts";
import { one, type Transactions, type Tx } from "./transaction.ts";

interface Leaders extends Leader {
  /** Not over, and it will not be before this transaction is. */
  reigns(tx: Tx, reign: Reign): Promise<boolean>;
}

/** Where one process has the database there is nobody else who could lead: it is written down nowhere. */
export const leaderOver = (transactions: Transactions, oneWriter: boolean): Leaders =>
  oneWriter ? leaderHere() : leaderAmong(transactions);

const takeOver = one<{ readonly fence: number }, [name: string, holder: string, nowMs: number, untilMs: number]>(
  `INSERT INTO leader(name, holder, fence, until_ms) VALUES($1, $2, 1, $4) ON CONFLICT(name) DO UPDATE SET
   fence = leader.fence + CASE WHEN leader.holder = excluded.holder THEN 0 ELSE 1 END, holder = excluded.holder,
   until_ms = excluded.until_ms WHERE leader.holder = excluded.holder OR leader.until_ms <= $3 RETURNING fence`,
);
const reigning = one<object, [name: string, fence: number]>(
  "SELECT 1 AS reigns FROM leader WHERE name = $1 AND fence = $2 FOR SHARE",
);

const lastHolder = one<{ readonly holder: string; readonly untilMs: number }, [name: string]>(
  'SELECT holder, until_ms AS "untilMs" FROM leader WHERE name = $1',
);

const leaderAmong = ({ once, look }: Transactions): Leaders => ({
  lead: (name, holder, nowMs, untilMs) =>
    once(async (tx) => {
      const row = await takeOver(tx, name, holder, nowMs, untilMs);
      return row && { name, fence: row.fence };
    }),
  leading: (name) => look(async (tx) => lastHolder(tx, name)),
  reigns: async (tx, { name, fence }) => (await reigning(tx, name, fence)) !== undefined,
});

function leaderHere(): Leaders {
  const leaders = new Map<string, { readonly holder: string; readonly fence: number; readonly untilMs: number }>();
  return {
    async lead(name, holder, nowMs, untilMs) {
      const leader = leaders.get(name);
      const isOurs = leader?.holder === holder;
      if (leader && !isOurs && leader.untilMs > nowMs) return undefined;
      const fence = (leader?.fence ?? 0) + (isOurs ? 0 : 1);
      leaders.set(name, { holder, fence, untilMs });
      return { name, fence };
    },
    async leading(name) {
      const found = leaders.get(name);
      return found && { holder: found.holder, untilMs: found.untilMs };
    },
    reigns: async (_tx, { name, fence }) => leaders.get(name)?.fence === fence,
  };
}
