/**
 * The index of waiting jobs names all columns of its own condition: SQLite then counts what is ahead, and sums what a lane has to do,
 * without a look at each row.
 */
export const WAITING_STEP = `
  DROP INDEX job_waiting;
  CREATE INDEX job_waiting ON job(lane, tag, seq, estimate_ms, try_at_ms) WHERE state = 'queued' AND try_at_ms IS NULL;
`;
