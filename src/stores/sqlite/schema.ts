import { LATER_STEPS } from "../shared/later-steps.ts";
import type { Database } from "./database.ts";
import { decisionsForBallots } from "./decisions-step.ts";
import { MEETINGS_STEP } from "./meetings-step.ts";
import { type Step, takeSteps } from "./migrate.ts";
import { separateNamespaces } from "./namespaces-step.ts";
import { PERSONS_STEP } from "./persons-step.ts";

/**
 * Numbered steps; `user_version` says how many are done. A released step is never edited: add another. Times are Unix ms,
 * costs integer GPU ms. Partial indexes keep the paths of every command independent of how many jobs have ended.
 */
const STEPS: readonly Step[] = [
  `
  CREATE TABLE inbox(update_id TEXT PRIMARY KEY, outcome TEXT NOT NULL, at_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX inbox_age ON inbox(at_ms);

  CREATE TABLE bucket(member_id TEXT PRIMARY KEY, balance_gpu_ms INTEGER NOT NULL, at_ms INTEGER NOT NULL,
    reset_at_ms INTEGER) STRICT, WITHOUT ROWID;

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
    message TEXT,
    outcome TEXT,
    problem TEXT,
    body TEXT NOT NULL,
    CHECK ((ended_at_ms IS NULL) = (state IN ('queued','running')))) STRICT;
  CREATE INDEX job_waiting ON job(lane, tag, seq, estimate_ms) WHERE state = 'queued';
  CREATE INDEX job_running ON job(lane, lease_until_ms) WHERE state = 'running';
  CREATE INDEX job_open ON job(member_id, state) WHERE ended_at_ms IS NULL;
  CREATE INDEX job_turn ON job(member_id, lane, tag) WHERE state <> 'cancelled';

  CREATE TABLE turn(lane TEXT PRIMARY KEY, tag INTEGER NOT NULL) STRICT, WITHOUT ROWID;

  -- The allowance at the time of the hold: a refund needs the capacity, and its caller knows only the job.
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
    PRIMARY KEY(job_id, member_id)) STRICT, WITHOUT ROWID;
  CREATE INDEX hold_held ON hold(member_id, held_gpu_ms) WHERE state = 'held';
  CREATE INDEX hold_recent ON hold(member_id, ended_at_ms, used_gpu_ms) WHERE state = 'settled';

  CREATE TABLE outbox(
    seq INTEGER PRIMARY KEY,
    job_id TEXT NOT NULL REFERENCES job(job_id),
    kind TEXT NOT NULL CHECK (kind IN ('job','pick0','pick1','pick2','pick3')),
    revision INTEGER NOT NULL DEFAULT 1,
    posted_revision INTEGER NOT NULL DEFAULT 0,
    abandoned INTEGER NOT NULL DEFAULT 0,
    not_before_ms INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    message TEXT,
    by_name TEXT,
    by_member_id TEXT,
    UNIQUE(job_id, kind)) STRICT;
  CREATE INDEX outbox_owed ON outbox(seq, not_before_ms) WHERE abandoned = 0 AND revision > posted_revision;

  CREATE TABLE ballot(
    subject_job_id TEXT PRIMARY KEY REFERENCES job(job_id),
    votes_needed INTEGER NOT NULL,
    closes_at_ms INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open','passed','closed')),
    started_job_id TEXT) STRICT, WITHOUT ROWID;
  CREATE INDEX ballot_open ON ballot(closes_at_ms) WHERE state = 'open';
  CREATE TABLE vote(
    subject_job_id TEXT NOT NULL REFERENCES ballot(subject_job_id),
    member_id TEXT NOT NULL,
    name TEXT NOT NULL,
    place INTEGER NOT NULL,
    PRIMARY KEY(subject_job_id, member_id)) STRICT, WITHOUT ROWID;

  -- AUTOINCREMENT: the number of a forgotten picture is never given to another one.
  CREATE TABLE picture(
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    image_id TEXT NOT NULL UNIQUE,
    job_id TEXT NOT NULL REFERENCES job(job_id),
    place INTEGER NOT NULL,
    chat_key TEXT NOT NULL,
    member_id TEXT NOT NULL,
    made_at_ms INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    deleted_at_ms INTEGER,
    deleted_by TEXT,
    body TEXT NOT NULL) STRICT;
  CREATE UNIQUE INDEX picture_job ON picture(job_id, place);
  CREATE INDEX picture_chat ON picture(chat_key, number) WHERE deleted_at_ms IS NULL;
  CREATE INDEX picture_member ON picture(chat_key, member_id, number) WHERE deleted_at_ms IS NULL;
  CREATE INDEX picture_deleted ON picture(deleted_at_ms) WHERE deleted_at_ms IS NOT NULL;
  CREATE INDEX picture_age ON picture(chat_key, made_at_ms);

  CREATE TABLE speed(backend TEXT PRIMARY KEY, per_megapixel_step_ms REAL NOT NULL, runs INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE key_value(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  `,
  `
  -- Communities: chats that share settings and pot. What there was before belongs to its chat alone.
  ALTER TABLE job ADD COLUMN community_key TEXT;
  ALTER TABLE picture ADD COLUMN settings_key TEXT NOT NULL DEFAULT '';
  UPDATE picture SET settings_key = chat_key;
  DROP INDEX picture_age;
  CREATE INDEX picture_age ON picture(settings_key, made_at_ms);
  CREATE INDEX picture_author ON picture(member_id, number) WHERE deleted_at_ms IS NULL;

  ALTER TABLE hold ADD COLUMN pot_key TEXT NOT NULL DEFAULT '';
  UPDATE hold SET pot_key = (SELECT chat_key FROM job WHERE job.job_id = hold.job_id);
  CREATE INDEX hold_pot_held ON hold(pot_key, held_gpu_ms) WHERE state = 'held';
  CREATE INDEX hold_pot_used ON hold(pot_key, ended_at_ms, used_gpu_ms) WHERE state = 'settled';

  -- What each voter may spend, as their roles were when they voted; JSON, absent for votes from before.
  ALTER TABLE vote ADD COLUMN allowance TEXT;

  -- Again, for the originals' messages: a CHECK cannot be altered.
  CREATE TABLE outbox_2(
    seq INTEGER PRIMARY KEY,
    job_id TEXT NOT NULL REFERENCES job(job_id),
    kind TEXT NOT NULL CHECK (kind IN ('job','pick0','pick1','pick2','pick3','file0','file1','file2','file3')),
    revision INTEGER NOT NULL DEFAULT 1,
    posted_revision INTEGER NOT NULL DEFAULT 0,
    abandoned INTEGER NOT NULL DEFAULT 0,
    not_before_ms INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    message TEXT,
    by_name TEXT,
    by_member_id TEXT,
    UNIQUE(job_id, kind)) STRICT;
  INSERT INTO outbox_2 SELECT seq, job_id, kind, revision, posted_revision, abandoned, not_before_ms, failures, message,
    by_name, by_member_id FROM outbox;
  DROP TABLE outbox;
  ALTER TABLE outbox_2 RENAME TO outbox;
  CREATE INDEX outbox_owed ON outbox(seq, not_before_ms) WHERE abandoned = 0 AND revision > posted_revision;
  CREATE INDEX outbox_message ON outbox(message ->> '$.messageId', message ->> '$.place.chatId') WHERE message IS NOT NULL;

  -- Replies that show an earlier picture: whoever answers one of them means that picture.
  CREATE TABLE shown(
    chat_key TEXT NOT NULL,
    message_id TEXT NOT NULL,
    image_id TEXT NOT NULL REFERENCES picture(image_id) ON DELETE CASCADE,
    PRIMARY KEY(chat_key, message_id)) STRICT, WITHOUT ROWID;
  CREATE INDEX shown_image ON shown(image_id);
  `,
  `
  -- Where such a reply is, to take the picture off it again; absent for those from before. A sheet stands under its first picture.
  ALTER TABLE shown ADD COLUMN message TEXT;
  ALTER TABLE shown ADD COLUMN whole INTEGER NOT NULL DEFAULT 0;
  `,
  `
  -- Where a web chat's member came from, and what that address might spend at the time of the hold; absent: no ceiling.
  ALTER TABLE hold ADD COLUMN address_key TEXT;
  ALTER TABLE hold ADD COLUMN address_cap_gpu_ms INTEGER;
  CREATE INDEX hold_address_held ON hold(address_key, held_gpu_ms) WHERE state = 'held' AND address_key IS NOT NULL;
  CREATE INDEX hold_address_used ON hold(address_key, ended_at_ms, used_gpu_ms)
    WHERE state = 'settled' AND address_key IS NOT NULL;
  `,
  `
  -- Who is shut out of a chat, its community, or ('everywhere') all of them. AUTOINCREMENT: a button names an entry for ever.
  CREATE TABLE block(
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    scope TEXT NOT NULL,
    member_id TEXT NOT NULL,
    member_name TEXT NOT NULL,
    by_member_id TEXT NOT NULL,
    by_name TEXT NOT NULL,
    since_ms INTEGER NOT NULL,
    until_ms INTEGER) STRICT;
  CREATE UNIQUE INDEX block_member ON block(member_id, scope);
  CREATE INDEX block_scope ON block(scope, number);
  CREATE INDEX block_end ON block(until_ms) WHERE until_ms IS NOT NULL;
  `,
  separateNamespaces,
  `
  -- Which call claimed it; what its words were and when they were said, and whether late.
  ALTER TABLE job ADD COLUMN claim_id TEXT;
  ALTER TABLE job ADD COLUMN said_words TEXT;
  ALTER TABLE job ADD COLUMN said_at_ms INTEGER;
  ALTER TABLE job ADD COLUMN said_late INTEGER NOT NULL DEFAULT 0;
  UPDATE job SET said_words = body ->> '$.said.words', said_at_ms = body ->> '$.said.atMs',
    said_late = coalesce(body ->> '$.said.late', 0) WHERE body ->> '$.said.words' IS NOT NULL;
  CREATE INDEX job_late ON job(said_at_ms) WHERE said_late = 1;
  -- It is the outbox's, which said the same.
  ALTER TABLE job DROP COLUMN message;

  -- What messages are found by, without reading JSON.
  ALTER TABLE outbox ADD COLUMN platform TEXT;
  ALTER TABLE outbox ADD COLUMN chat_id TEXT;
  ALTER TABLE outbox ADD COLUMN message_id TEXT;
  UPDATE outbox SET platform = message ->> '$.place.platform', chat_id = message ->> '$.place.chatId',
    message_id = message ->> '$.messageId' WHERE message IS NOT NULL;
  DROP INDEX outbox_message;
  CREATE INDEX outbox_message ON outbox(message_id, chat_id) WHERE message_id IS NOT NULL;
  `,
  `
  -- Numbers count by chat. Pictures keep theirs, which counted over all chats; each chat goes on above its highest.
  ALTER TABLE picture RENAME COLUMN number TO seq;
  ALTER TABLE picture ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
  UPDATE picture SET number = seq;
  DROP INDEX picture_chat;
  DROP INDEX picture_member;
  CREATE UNIQUE INDEX picture_number ON picture(chat_key, number);
  CREATE INDEX picture_chat ON picture(chat_key, number) WHERE deleted_at_ms IS NULL;
  CREATE INDEX picture_member ON picture(chat_key, member_id, number) WHERE deleted_at_ms IS NULL;
  -- The number of a forgotten picture is never given to another one.
  CREATE TABLE picture_count(chat_key TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  INSERT INTO picture_count SELECT chat_key, max(number) FROM picture GROUP BY chat_key;
  `,
  `
  -- Of an order that waits for its member's allowance: when it is looked at again. It is stored as queued, and in no queue.
  ALTER TABLE job ADD COLUMN try_at_ms INTEGER;
  DROP INDEX job_waiting;
  CREATE INDEX job_waiting ON job(lane, tag, seq, estimate_ms) WHERE state = 'queued' AND try_at_ms IS NULL;
  CREATE INDEX job_deferred ON job(try_at_ms) WHERE try_at_ms IS NOT NULL;
  `,
  `
  -- Each index that names a state is written with each change of it. What was taken back has no tag that counts.
  UPDATE job SET tag = 0 WHERE state = 'cancelled';
  DROP INDEX job_turn;
  CREATE INDEX job_turn ON job(member_id, lane, tag);
  DROP INDEX job_open;
  CREATE INDEX job_open ON job(member_id) WHERE ended_at_ms IS NULL;
  -- picture_number leads to the same rows.
  DROP INDEX picture_chat;
  `,
  `
  -- 'wait': the message in which an order waited for allowance, once its job has a new one at the end of the chat.
  CREATE TABLE outbox_3(
    seq INTEGER PRIMARY KEY,
    job_id TEXT NOT NULL REFERENCES job(job_id),
    kind TEXT NOT NULL CHECK (kind IN ('job','wait','pick0','pick1','pick2','pick3','file0','file1','file2','file3')),
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
    UNIQUE(job_id, kind)) STRICT;
  INSERT INTO outbox_3 SELECT seq, job_id, kind, revision, posted_revision, abandoned, not_before_ms, failures, message,
    by_name, by_member_id, platform, chat_id, message_id FROM outbox;
  DROP TABLE outbox;
  ALTER TABLE outbox_3 RENAME TO outbox;
  CREATE INDEX outbox_owed ON outbox(seq, not_before_ms) WHERE abandoned = 0 AND revision > posted_revision;
  CREATE INDEX outbox_message ON outbox(message_id, chat_id) WHERE message_id IS NOT NULL;
  `,
  decisionsForBallots,
  PERSONS_STEP,
  MEETINGS_STEP,
  ...LATER_STEPS.map((step) => (typeof step === "string" ? step : step.sqlite)),
];

/** As `takeSteps`. */
export function migrate(db: Database, upTo?: number): void {
  takeSteps(db, STEPS, upTo);
}

/** The version of a database that this Placard has written. */
export const newestStep = STEPS.length;
