import type { GroupLog } from "../../../ports/group-log.ts";
import type { Database } from "../database.ts";

/** So that nobody waits for it: what is left goes the next time. */
const AT_ONCE = 500;
const ROUNDS_MAX = 20;

/** The newest change stays, as `rev` may never fall, and so does a command that the core has yet to hear. */
const MAY_GO = "heard = 1 AND rev < (SELECT max(rev) FROM message)";

/** Lets go of what need not be kept any longer. */
export function sweepOf(db: Database): Pick<GroupLog, "letGo" | "usedBytes"> {
  // The oldest first, and only those are looked at: where none of them is old enough, none is.
  const old = db.query(
    `DELETE FROM message WHERE seq IN (SELECT seq FROM
       (SELECT seq, at_ms FROM message WHERE room = ?1 AND ${MAY_GO} ORDER BY seq LIMIT ${AT_ONCE}) WHERE at_ms < ?2)`,
  );
  const oldest = db.query(
    `DELETE FROM message WHERE seq IN (SELECT seq FROM message WHERE ${MAY_GO} ORDER BY seq LIMIT ${AT_ONCE})`,
  );
  const used = db.query<{ readonly bytes: number }>(
    `SELECT (page_count - freelist_count) * page_size AS bytes
     FROM pragma_page_count, pragma_freelist_count, pragma_page_size`,
  );
  const until = (done: () => number): number => {
    let count = 0;
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const gone = db.tx(done);
      count += gone;
      if (gone === 0) break;
    }
    return count;
  };
  const usedBytes = () => used.get()?.bytes ?? 0;
  return {
    usedBytes,
    letGo: (groups, maxBytes) =>
      groups.reduce((count, { slug, saidBeforeMs }) => count + until(() => old.run(slug, saidBeforeMs)), 0) +
      until(() => (usedBytes() > maxBytes ? oldest.run() : 0)),
  };
}
