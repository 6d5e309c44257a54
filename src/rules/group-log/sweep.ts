import type { GroupLog } from "../../ports/group-log.ts";
import { number, run, type Transactions, type Tx } from "../transaction.ts";

/** So that nobody waits for it: what is left goes the next time. */
const AT_ONCE = 500;
const ROUNDS_MAX = 20;

/** The newest change stays, as `rev` may never fall, and so does a command that the core has yet to hear. */
const MAY_GO = "heard = 1 AND rev < (SELECT max(rev) FROM web_message)";

// The oldest first, and only those are looked at: where none of them is old enough, none is.
const old = run<[room: string, saidBeforeMs: number]>(
  `DELETE FROM web_message WHERE seq IN (SELECT seq FROM (SELECT seq, at_ms FROM web_message WHERE room = $1 AND ${MAY_GO}
   ORDER BY seq LIMIT ${AT_ONCE}) AS oldest WHERE at_ms < $2)`,
);
const oldest = run<[]>(
  `DELETE FROM web_message WHERE seq IN (SELECT seq FROM web_message WHERE ${MAY_GO} ORDER BY seq LIMIT ${AT_ONCE})`,
);

const pages = number<[]>(
  `SELECT (page_count - freelist_count) * page_size AS n FROM pragma_page_count, pragma_freelist_count, pragma_page_size`,
);
/** Of a message without its words: the row and its places in six indexes. */
const ROW_BYTES = 700;
const words = number<[]>(
  `SELECT CAST(coalesce(sum(pg_column_size(body) + coalesce(pg_column_size(command), 0) + ${ROW_BYTES}), 0) AS BIGINT) AS n
   FROM web_message`,
);
const onDisk = number<[]>("SELECT pg_total_relation_size('web_message') AS n");

/** In a file it is told by the file; a server gives no room back, so what the messages hold is added up. */
const usedBytes = (tx: Tx): Promise<number> => (tx.oneWriter ? pages(tx) : words(tx));
/** To add up takes a while: not where all of it, with what was let go of, is within the bound. */
const isOver = async (tx: Tx, maxBytes: number): Promise<boolean> =>
  (tx.oneWriter || (await onDisk(tx)) > maxBytes) && (await usedBytes(tx)) > maxBytes;

/** Lets go of what need not be kept any longer. */
export function sweepOver({ act, look }: Transactions): Pick<GroupLog, "letGo" | "usedBytes"> {
  const until = async (done: (tx: Tx) => Promise<number>): Promise<number> => {
    let count = 0;
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const gone = await act(done);
      count += gone;
      if (gone === 0) break;
    }
    return count;
  };
  return {
    usedBytes: () => look(usedBytes),
    async letGo(groups, maxBytes) {
      let count = 0;
      for (const { slug, saidBeforeMs } of groups) count += await until(async (tx) => old(tx, slug, saidBeforeMs));
      return count + (await until(async (tx) => ((await isOver(tx, maxBytes)) ? oldest(tx) : 0)));
    },
  };
}
