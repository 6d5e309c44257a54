import { newDecisionBy } from "./decisions.ts";
import { decisionKeys, lockBuckets, lockDecisions, meetingKey } from "./locks.ts";
import { meetingsSetBack, openMeetings } from "./meetings.ts";
import { all, run, type Tx } from "./transaction.ts";

// What was dated by a clock that had jumped ahead: until then nothing would come back, and nothing be sent.

/** Clocks are set by seconds all the time; what is dated no further ahead comes true by itself. */
const AHEAD_MS = 60_000;
/** No platform asks to wait longer, and no order that waits for allowance is looked at less often. */
const LONGEST_WAIT_MS = 3_600_000;

type Now = [nowMs: number];
// Beside a small number PostgreSQL takes it for one.
const NOW = "CAST($1 AS BIGINT)";
const bucketsAhead = all<{ readonly memberId: string }, Now>(
  `SELECT member_id AS "memberId" FROM bucket WHERE at_ms > ${NOW} + ${AHEAD_MS}`,
);
const buckets = run<Now>(
  `UPDATE bucket SET at_ms = $1, reset_at_ms = CASE WHEN reset_at_ms IS NOT NULL THEN GREATEST($1, reset_at_ms - (at_ms - $1)) END
   WHERE at_ms > ${NOW} + ${AHEAD_MS}`,
);
const spent = run<Now>(
  `UPDATE hold SET ended_at_ms = $1 WHERE state = 'settled' AND ended_at_ms > ${NOW} + ${AHEAD_MS}`,
);
const owed = run<Now>(
  `UPDATE outbox SET not_before_ms = $1
   WHERE abandoned = 0 AND revision > posted_revision AND not_before_ms > ${NOW} + ${LONGEST_WAIT_MS}`,
);
const deferred = run<Now>(`UPDATE job SET try_at_ms = $1 WHERE try_at_ms > ${NOW} + ${LONGEST_WAIT_MS}`);
// Whoever makes one keeps its lease by the clock as it is now.
const leases = run<Now>(
  `UPDATE document SET lease_until_ms = $1 WHERE state = 'running' AND lease_until_ms > ${NOW} + ${LONGEST_WAIT_MS}`,
);
const blocks = run<Now>(
  `UPDATE block SET until_ms = until_ms - (since_ms - $1), since_ms = $1 WHERE since_ms > ${NOW} + ${AHEAD_MS}`,
);

const decisionsAhead = all<{ readonly decisionId: string }, Now>(
  `SELECT decision_id AS "decisionId" FROM decision WHERE state = 'open' AND opened_at_ms > ${NOW} + ${AHEAD_MS}`,
);
const decisions = run<Now>(
  `UPDATE decision SET closes_at_ms = closes_at_ms - (opened_at_ms - $1), remind_at_ms = remind_at_ms - (opened_at_ms - $1),
   opened_at_ms = $1 WHERE state = 'open' AND opened_at_ms > ${NOW} + ${AHEAD_MS}`,
);

/** See `Store.clockSetBack`. */
export async function clockSetBack(tx: Tx, nowMs: number): Promise<number> {
  const keys: string[] = [];
  for (const { decisionId } of await decisionsAhead(tx, nowMs)) {
    const about = await newDecisionBy(tx, decisionId);
    if (about) keys.push(...decisionKeys(about));
  }
  const meetings = await openMeetings(tx);
  await lockDecisions(tx, [...keys, ...meetings.map(({ meetingId }) => meetingKey(meetingId))]);
  await lockBuckets(
    tx,
    (await bucketsAhead(tx, nowMs)).map(({ memberId }) => memberId),
  );
  let rows = await buckets(tx, nowMs);
  for (const setBack of [spent, owed, deferred, leases, blocks, decisions, meetingsSetBack])
    rows += await setBack(tx, nowMs);
  return rows;
}
