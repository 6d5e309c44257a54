// How a job's state is stored. The tables of released versions know no other word for a deferred one than queued.

/** As members know it. */
export const STATE = "CASE WHEN try_at_ms IS NULL THEN state ELSE 'deferred' END";
/** It stands in a queue. */
export const WAITS = "state = 'queued' AND try_at_ms IS NULL";
