import type { Database } from "./database.ts";

/** Clocks are set by seconds all the time; what is dated no further ahead comes true by itself. */
const AHEAD_MS = 60_000;
/** No platform asks to wait longer. */
const LONGEST_WAIT_MS = 3_600_000;

/** What was dated by a clock that had jumped ahead: until then nothing would come back, and nothing be sent. */
export function clockOf(db: Database) {
  const buckets = db.query(
    `UPDATE bucket SET at_ms = ?1, reset_at_ms = max(?1, reset_at_ms - (at_ms - ?1)) WHERE at_ms > ?1 + ${AHEAD_MS}`,
  );
  const spent = db.query(`UPDATE hold SET ended_at_ms = ?1 WHERE state = 'settled' AND ended_at_ms > ?1 + ${AHEAD_MS}`);
  const owed = db.query(
    `UPDATE outbox SET not_before_ms = ?1
     WHERE abandoned = 0 AND revision > posted_revision AND not_before_ms > ?1 + ${LONGEST_WAIT_MS}`,
  );
  const blocks = db.query(
    `UPDATE block SET until_ms = until_ms - (since_ms - ?1), since_ms = ?1 WHERE since_ms > ?1 + ${AHEAD_MS}`,
  );
  return {
    setBack: (nowMs: number): number => buckets.run(nowMs) + spent.run(nowMs) + owed.run(nowMs) + blocks.run(nowMs),
  };
}
