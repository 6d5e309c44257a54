import { inPostgres } from "./dialect.ts";

/** An agenda has at most so many items, and each a message of its own. */
const ITEMS = Array.from({ length: 30 }, (_, index) => `'item${index}'`).join(",");

/**
 * What a database holds that begins here, after the fourteen steps that SQLite files have had (`sqlite/schema.ts`): the same
 * tables, columns and indexes under the same names. Times are Unix ms, costs whole GPU ms. A released text is never edited: see
 * `shared/later-steps.ts`.
 */
const COMMON = `
  CREATE TABLE inbox(update_id TEXT PRIMARY KEY, outcome TEXT NOT NULL, at_ms INTEGER NOT NULL);
  CREATE INDEX inbox_age ON inbox(at_ms);

  CREATE TABLE bucket(member_id TEXT PRIMARY KEY, balance_gpu_ms INTEGER NOT NULL, at_ms INTEGER NOT NULL, reset_at_ms INTEGER);

  CREATE TABLE job(
    seq INTEGER PRIMARY KEY,
    job_id TEXT NOT NULL UNIQUE,
    member_id TEXT NOT NULL,
    chat_key TEXT NOT NULL,
    lane TEXT NOT NULL,
    tag INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued','running','done','failed','cancelled')),
    attempt INTEGER NOT NULL DEFAULT 0,
    lease_until_ms INTEGER NOT NULL DEFAULT 0,
    estimate_ms INTEGER NOT NULL,
    started_at_ms INTEGER,
    ended_at_ms INTEGER,
    attached_backend TEXT,
    attached_key TEXT,
    outcome TEXT,
    problem TEXT,
    body TEXT NOT NULL,
    community_key TEXT,
    claim_id TEXT,
    said_words TEXT,
    said_at_ms INTEGER,
    said_late INTEGER NOT NULL DEFAULT 0,
    try_at_ms INTEGER,
    CHECK ((ended_at_ms IS NULL) = (state IN ('queued','running'))));
  CREATE INDEX job_waiting ON job(lane, tag, seq, estimate_ms) WHERE state = 'queued' AND try_at_ms IS NULL;
  CREATE INDEX job_running ON job(lane, lease_until_ms) WHERE state = 'running';
  CREATE INDEX job_late ON job(said_at_ms) WHERE said_late = 1;
  CREATE INDEX job_deferred ON job(try_at_ms) WHERE try_at_ms IS NOT NULL;
  CREATE INDEX job_turn ON job(member_id, lane, tag);
  CREATE INDEX job_open ON job(member_id) WHERE ended_at_ms IS NULL;
  CREATE TABLE turn(lane TEXT PRIMARY KEY, tag INTEGER NOT NULL);

  CREATE TABLE hold(
    job_id TEXT NOT NULL REFERENCES job(job_id),
    member_id TEXT NOT NULL,
    part INTEGER NOT NULL,
    held_gpu_ms INTEGER NOT NULL,
    used_gpu_ms INTEGER,
    state TEXT NOT NULL DEFAULT 'held' CHECK (state IN ('held','settled','refunded')),
    capacity_gpu_ms INTEGER NOT NULL,
    refill_gpu_ms_per_hour INTEGER NOT NULL,
    reset_ms INTEGER NOT NULL,
    ended_at_ms INTEGER,
    pot_key TEXT NOT NULL DEFAULT '',
    address_key TEXT,
    address_cap_gpu_ms INTEGER,
    name TEXT,
    parts INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY(job_id, member_id));
  CREATE INDEX hold_held ON hold(member_id, held_gpu_ms) WHERE state = 'held';
  CREATE INDEX hold_recent ON hold(member_id, ended_at_ms, used_gpu_ms) WHERE state = 'settled';
  CREATE INDEX hold_pot_held ON hold(pot_key, held_gpu_ms) WHERE state = 'held';
  CREATE INDEX hold_pot_used ON hold(pot_key, ended_at_ms, used_gpu_ms) WHERE state = 'settled';
  CREATE INDEX hold_address_held ON hold(address_key, held_gpu_ms) WHERE state = 'held' AND address_key IS NOT NULL;
  CREATE INDEX hold_address_used ON hold(address_key, ended_at_ms, used_gpu_ms)
    WHERE state = 'settled' AND address_key IS NOT NULL;

  CREATE TABLE outbox(
    seq INTEGER PRIMARY KEY,
    owner_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('job','wait','pick0','pick1','pick2','pick3','file0','file1','file2','file3',
      'decision','reminder','meeting','opening','document',${ITEMS})),
    revision INTEGER NOT NULL DEFAULT 1,
    posted_revision INTEGER NOT NULL DEFAULT 0,
    abandoned INTEGER NOT NULL DEFAULT 0,
    not_before_ms INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    message TEXT,
    by_name TEXT,
    by_member_id TEXT,
    platform TEXT,
    chat_id TEXT,
    message_id TEXT,
    placed INTEGER NOT NULL DEFAULT 0,
    UNIQUE(owner_id, kind));
  CREATE INDEX outbox_owed ON outbox(seq, not_before_ms) WHERE abandoned = 0 AND revision > posted_revision;
  CREATE INDEX outbox_message ON outbox(message_id, chat_id) WHERE message_id IS NOT NULL;

  CREATE TABLE decision(
    seq INTEGER PRIMARY KEY,
    decision_id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('reroll','pick','proposal','spend')),
    chat_key TEXT NOT NULL,
    settings_key TEXT NOT NULL,
    subject_job_id TEXT REFERENCES job(job_id),
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open','passed','closed')),
    opened_at_ms INTEGER NOT NULL,
    closes_at_ms INTEGER NOT NULL,
    remind_at_ms INTEGER,
    ended_at_ms INTEGER,
    won_image_id TEXT,
    votes_tag TEXT NOT NULL DEFAULT '',
    outcome TEXT,
    body TEXT NOT NULL);
  CREATE INDEX decision_open ON decision(chat_key, seq) WHERE state = 'open';
  CREATE INDEX decision_subject ON decision(subject_job_id, kind, seq) WHERE subject_job_id IS NOT NULL;
  CREATE INDEX decision_won ON decision(chat_key, ended_at_ms) WHERE won_image_id IS NOT NULL;
  CREATE TABLE decision_vote(
    seq INTEGER PRIMARY KEY,
    decision_id TEXT NOT NULL REFERENCES decision(decision_id),
    member_id TEXT NOT NULL,
    name TEXT NOT NULL,
    choices TEXT NOT NULL,
    reason TEXT,
    at_ms INTEGER NOT NULL,
    allowance TEXT,
    UNIQUE(decision_id, member_id));

  CREATE TABLE picture(
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    image_id TEXT NOT NULL UNIQUE,
    job_id TEXT NOT NULL REFERENCES job(job_id),
    place INTEGER NOT NULL,
    chat_key TEXT NOT NULL,
    member_id TEXT NOT NULL,
    made_at_ms INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    deleted_at_ms INTEGER,
    deleted_by TEXT,
    body TEXT NOT NULL,
    settings_key TEXT NOT NULL DEFAULT '',
    number INTEGER NOT NULL DEFAULT 0);
  CREATE UNIQUE INDEX picture_job ON picture(job_id, place);
  CREATE UNIQUE INDEX picture_number ON picture(chat_key, number);
  CREATE INDEX picture_member ON picture(chat_key, member_id, number) WHERE deleted_at_ms IS NULL;
  CREATE INDEX picture_author ON picture(member_id, seq) WHERE deleted_at_ms IS NULL;
  CREATE INDEX picture_deleted ON picture(deleted_at_ms) WHERE deleted_at_ms IS NOT NULL;
  CREATE INDEX picture_age ON picture(settings_key, made_at_ms);
  CREATE TABLE picture_count(chat_key TEXT PRIMARY KEY, last INTEGER NOT NULL);
  CREATE TABLE shown(
    chat_key TEXT NOT NULL,
    message_id TEXT NOT NULL,
    image_id TEXT NOT NULL REFERENCES picture(image_id) ON DELETE CASCADE,
    message TEXT,
    whole INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY(chat_key, message_id));
  CREATE INDEX shown_image ON shown(image_id);

  CREATE TABLE block(
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    scope TEXT NOT NULL,
    member_id TEXT NOT NULL,
    member_name TEXT NOT NULL,
    by_member_id TEXT NOT NULL,
    by_name TEXT NOT NULL,
    since_ms INTEGER NOT NULL,
    until_ms INTEGER);
  CREATE UNIQUE INDEX block_member ON block(member_id, scope);
  CREATE INDEX block_scope ON block(scope, number);
  CREATE INDEX block_end ON block(until_ms) WHERE until_ms IS NOT NULL;

  CREATE TABLE link(member_id TEXT PRIMARY KEY, person_id TEXT NOT NULL, name TEXT NOT NULL, since_ms INTEGER NOT NULL);
  CREATE INDEX link_person ON link(person_id, since_ms);
  CREATE TABLE gift(
    seq INTEGER PRIMARY KEY,
    pot_id TEXT NOT NULL,
    member_id TEXT NOT NULL,
    name TEXT NOT NULL,
    gpu_ms INTEGER NOT NULL,
    at_ms INTEGER NOT NULL);
  CREATE INDEX gift_pot ON gift(pot_id, at_ms);
  CREATE INDEX gift_member ON gift(member_id, at_ms);

  CREATE TABLE meeting(
    seq INTEGER PRIMARY KEY,
    meeting_id TEXT NOT NULL UNIQUE,
    chat_key TEXT NOT NULL,
    settings_key TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting','running','ended')),
    wall_key TEXT NOT NULL UNIQUE,
    code TEXT NOT NULL,
    started_at_ms INTEGER NOT NULL,
    ended_at_ms INTEGER,
    revision INTEGER NOT NULL,
    budget INTEGER NOT NULL DEFAULT 0,
    body TEXT NOT NULL);
  CREATE INDEX meeting_budget ON meeting(seq) WHERE budget = 1;
  CREATE INDEX meeting_age ON meeting(settings_key, ended_at_ms) WHERE state = 'ended';
  CREATE UNIQUE INDEX meeting_open ON meeting(chat_key) WHERE state <> 'ended';
  CREATE UNIQUE INDEX meeting_code ON meeting(code) WHERE state <> 'ended';
  CREATE INDEX meeting_chat ON meeting(chat_key, started_at_ms);
  CREATE TABLE document(
    seq INTEGER PRIMARY KEY,
    document_id TEXT NOT NULL UNIQUE,
    chat_key TEXT NOT NULL,
    member_id TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued','running','done','failed','cancelled')),
    asked_at_ms INTEGER NOT NULL,
    ended_at_ms INTEGER,
    attempt INTEGER NOT NULL DEFAULT 0,
    losses INTEGER NOT NULL DEFAULT 0,
    claim_id TEXT,
    lease_until_ms INTEGER,
    spec TEXT NOT NULL,
    problem TEXT,
    file TEXT,
    forgotten INTEGER NOT NULL DEFAULT 0);
  CREATE INDEX document_open ON document(seq) WHERE state IN ('queued','running');
  CREATE INDEX document_chat ON document(chat_key);
  CREATE INDEX document_file ON document(ended_at_ms) WHERE file IS NOT NULL AND forgotten = 0;

  CREATE TABLE speed(backend TEXT PRIMARY KEY, per_megapixel_step_ms REAL NOT NULL, runs INTEGER NOT NULL);
  CREATE TABLE key_value(namespace TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY(namespace, key));
`;

/** What several processes need beside that: something to lock where no row need be there, and who leads. */
const FOR_SEVERAL = `
  CREATE TABLE row_lock(key TEXT PRIMARY KEY);
  CREATE TABLE leader(name TEXT PRIMARY KEY, holder TEXT NOT NULL, fence INTEGER NOT NULL, until_ms INTEGER NOT NULL);
`;

/**
 * The words of `ports/wake.ts`, told by the rows themselves: no rule can forget it, it costs no message of its own, and the server
 * holds them back until the commit. Words that are equal arrive once.
 */
const WORDS = `
  CREATE FUNCTION placard_tell() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF TG_ARGV[0] = 'ended' THEN PERFORM pg_notify('placard', 'ended ' || NEW.job_id);
    ELSE PERFORM pg_notify('placard', TG_ARGV[0]);
    END IF;
    RETURN NULL;
  END $$;
  CREATE TRIGGER job_waits AFTER INSERT OR UPDATE OF state, lane, try_at_ms ON job FOR EACH ROW
    WHEN (NEW.state = 'queued' AND NEW.try_at_ms IS NULL) EXECUTE FUNCTION placard_tell('jobs');
  CREATE TRIGGER job_ends AFTER UPDATE OF state ON job FOR EACH ROW
    WHEN (OLD.state = 'running' AND NEW.ended_at_ms IS NOT NULL) EXECUTE FUNCTION placard_tell('ended');
  CREATE TRIGGER outbox_owes AFTER INSERT OR UPDATE OF revision ON outbox FOR EACH ROW EXECUTE FUNCTION placard_tell('outbox');
`;

export const TABLES = `${inPostgres(COMMON + FOR_SEVERAL)}${WORDS}`;
