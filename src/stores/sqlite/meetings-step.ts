/** An agenda has at most so many items, and each a message of its own. */
const ITEMS = Array.from({ length: 30 }, (_, index) => `'item${index}'`).join(",");

/** Meetings, files made for outside the chat, and the messages owed for both. */
export const MEETINGS_STEP = `
  -- One that is not over a chat. body: JSON, see rules/meeting-rows.ts.
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
    -- 1 while something lies in its own pot, or may come back to it.
    budget INTEGER NOT NULL DEFAULT 0,
    body TEXT NOT NULL) STRICT;
  CREATE INDEX meeting_budget ON meeting(seq) WHERE budget = 1;
  CREATE UNIQUE INDEX meeting_open ON meeting(chat_key) WHERE state <> 'ended';
  CREATE UNIQUE INDEX meeting_code ON meeting(code) WHERE state <> 'ended';
  CREATE INDEX meeting_age ON meeting(settings_key, ended_at_ms) WHERE state = 'ended';
  CREATE INDEX meeting_chat ON meeting(chat_key, started_at_ms);

  -- spec: what it is made of, JSON. file: what came of it, JSON. forgotten: the file itself is no longer kept.
  CREATE TABLE document(
    seq INTEGER PRIMARY KEY,
    document_id TEXT NOT NULL UNIQUE,
    chat_key TEXT NOT NULL,
    member_id TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued','running','done','failed','cancelled')),
    asked_at_ms INTEGER NOT NULL,
    ended_at_ms INTEGER,
    attempt INTEGER NOT NULL DEFAULT 0,
    -- How often whoever made it was never heard of again.
    losses INTEGER NOT NULL DEFAULT 0,
    claim_id TEXT,
    lease_until_ms INTEGER,
    spec TEXT NOT NULL,
    problem TEXT,
    file TEXT,
    forgotten INTEGER NOT NULL DEFAULT 0) STRICT;
  CREATE INDEX document_open ON document(seq) WHERE state IN ('queued','running');
  CREATE INDEX document_chat ON document(chat_key);
  CREATE INDEX document_file ON document(ended_at_ms) WHERE file IS NOT NULL AND forgotten = 0;

  -- owner_id: of a job, a decision, a meeting or a document. 'opening': the card in which a meeting waited. 'item0' …: what came
  -- of an item of its agenda. placed: how often it went on in a new message at the end of its chat.
  CREATE TABLE outbox_5(
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
    UNIQUE(owner_id, kind)) STRICT;
  INSERT INTO outbox_5 SELECT o.*, CASE WHEN o.kind = 'job' AND EXISTS (SELECT 1 FROM outbox w
    WHERE w.owner_id = o.owner_id AND w.kind = 'wait') THEN 1 ELSE 0 END FROM outbox o;
  DROP TABLE outbox;
  ALTER TABLE outbox_5 RENAME TO outbox;
  CREATE INDEX outbox_owed ON outbox(seq, not_before_ms) WHERE abandoned = 0 AND revision > posted_revision;
  CREATE INDEX outbox_message ON outbox(message_id, chat_id) WHERE message_id IS NOT NULL;
  `;
