/**
 * What waits for a moderator, by the whole order; who asked for a picture to be hidden; and what was done, for good: who, what, which
 * pictures, and no word of what they show.
 */
export const MODERATION_STEP = `
  CREATE TABLE withheld(
    job_id TEXT PRIMARY KEY REFERENCES job(job_id),
    state TEXT NOT NULL CHECK (state IN ('held','approved','refused','withdrawn')),
    why TEXT NOT NULL,
    since_ms INTEGER NOT NULL,
    reason TEXT,
    returned_gpu_ms INTEGER) STRICT, WITHOUT ROWID;
  CREATE INDEX withheld_waiting ON withheld(since_ms) WHERE state = 'held';
  CREATE TABLE hide_press(
    job_id TEXT NOT NULL REFERENCES job(job_id),
    member_id TEXT NOT NULL,
    PRIMARY KEY(job_id, member_id)) STRICT, WITHOUT ROWID;
  CREATE TABLE moderation_step(
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    job_id TEXT NOT NULL REFERENCES job(job_id),
    verb TEXT NOT NULL,
    by_member_id TEXT NOT NULL,
    by_name TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    number INTEGER) STRICT;
  ALTER TABLE block ADD COLUMN reason TEXT;
  CREATE INDEX moderation_step_job ON moderation_step(job_id);
`;
