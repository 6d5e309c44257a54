/**
 * What several processes that make pictures have in common. Where one process has the database, these tables stay empty.
 * `seq` of a slot is its place in the line.
 */
const FLEET_TABLES = `
  CREATE TABLE job_progress(
    job_id TEXT PRIMARY KEY,
    attempt INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    progress TEXT,
    so_far TEXT,
    charge_per_ms REAL NOT NULL,
    preview_version INTEGER NOT NULL DEFAULT 0,
    preview TEXT) STRICT, WITHOUT ROWID;
  CREATE TABLE worker(worker_id TEXT PRIMARY KEY, lanes TEXT NOT NULL, until_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE backend_slot(
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    slot_id TEXT NOT NULL UNIQUE,
    device TEXT NOT NULL,
    worker_id TEXT NOT NULL) STRICT;
  CREATE INDEX backend_slot_device ON backend_slot(device, seq);
  CREATE INDEX backend_slot_worker ON backend_slot(worker_id);
  CREATE TABLE circuit(device TEXT PRIMARY KEY, state TEXT NOT NULL, at_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`;

/**
 * What a job shows is written often and worth nothing after a crash: without the log, which is what a commit waits for. What only
 * prolongs it, and a worker that is still there, is told to nobody.
 */
const TOLD_AT_ONCE = {
  sqlite: "",
  postgres: `
    ALTER TABLE job_progress SET UNLOGGED;
    CREATE FUNCTION placard_tell_job() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM pg_notify('placard', TG_ARGV[0] || ' ' || NEW.job_id);
      RETURN NULL;
    END $$;
    CREATE TRIGGER job_progress_begins AFTER INSERT ON job_progress FOR EACH ROW EXECUTE FUNCTION placard_tell_job('progress');
    CREATE TRIGGER job_progress_goes_on AFTER UPDATE ON job_progress FOR EACH ROW
      WHEN (NEW.attempt <> OLD.attempt OR NEW.progress IS DISTINCT FROM OLD.progress OR NEW.preview_version <> OLD.preview_version)
      EXECUTE FUNCTION placard_tell_job('progress');
    CREATE TRIGGER worker_comes AFTER INSERT OR DELETE ON worker FOR EACH ROW EXECUTE FUNCTION placard_tell('backends');
    CREATE TRIGGER worker_changes AFTER UPDATE OF lanes ON worker FOR EACH ROW
      WHEN (NEW.lanes <> OLD.lanes) EXECUTE FUNCTION placard_tell('backends');
    CREATE TRIGGER backend_slot_given AFTER DELETE ON backend_slot FOR EACH ROW EXECUTE FUNCTION placard_tell('backends');
    CREATE TRIGGER circuit_changes AFTER INSERT OR UPDATE OR DELETE ON circuit FOR EACH ROW
      EXECUTE FUNCTION placard_tell('backends');
  `,
};

/** See `LATER_STEPS`. */
export const FLEET_STEPS = [FLEET_TABLES, TOLD_AT_ONCE] as const;
