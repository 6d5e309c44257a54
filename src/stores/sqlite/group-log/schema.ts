import type { Database } from "../database.ts";
import { type Step, takeSteps } from "../migrate.ts";
import { tellNamesApart } from "./looks-step.ts";

const MIGRATIONS: readonly Step[] = [
  `CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
   CREATE TABLE member (id TEXT PRIMARY KEY, name TEXT NOT NULL, name_key TEXT NOT NULL UNIQUE,
     secret_hash TEXT NOT NULL UNIQUE, made_at_ms INTEGER NOT NULL) STRICT;
   CREATE TABLE room (slug TEXT PRIMARY KEY, title TEXT NOT NULL, creator_id TEXT NOT NULL, made_at_ms INTEGER NOT NULL) STRICT;
   CREATE TABLE seat (room TEXT NOT NULL REFERENCES room, member_id TEXT NOT NULL REFERENCES member,
     left INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (member_id, room)) STRICT;
   CREATE TABLE message (seq INTEGER PRIMARY KEY AUTOINCREMENT, rev INTEGER NOT NULL UNIQUE, id TEXT NOT NULL UNIQUE,
     room TEXT NOT NULL REFERENCES room, at_ms INTEGER NOT NULL, author_id TEXT, author_name TEXT, visible_to TEXT,
     for_name TEXT, body TEXT NOT NULL, nonce TEXT NOT NULL UNIQUE, command TEXT, heard INTEGER NOT NULL DEFAULT 1) STRICT;
   CREATE INDEX message_room_seq ON message (room, seq);
   CREATE INDEX message_room_rev ON message (room, rev);
   CREATE INDEX message_unheard ON message (seq) WHERE heard = 0;`,
  "ALTER TABLE message ADD COLUMN answered TEXT;",
  `CREATE INDEX message_upload ON message (json_extract(body, '$.upload.id'))
     WHERE json_extract(body, '$.upload.id') IS NOT NULL;`,
  // Since when somebody waits to be let in; 0: was shut out and has not asked since. Absent: may come in.
  "ALTER TABLE seat ADD COLUMN waits_ms INTEGER;",
  tellNamesApart,
  // Of a member's further devices; the first one's stays with the member.
  `CREATE TABLE device (secret_hash TEXT PRIMARY KEY, member_id TEXT NOT NULL REFERENCES member,
     made_at_ms INTEGER NOT NULL) STRICT;
   CREATE INDEX device_member ON device (member_id);`,
  `CREATE INDEX message_vote ON message (room, json_extract(body, '$.view.vote.closesAtMs'))
     WHERE json_extract(body, '$.view.vote.closesAtMs') IS NOT NULL;`,
  // Votes are decisions now, in messages of their own.
  `DROP INDEX message_vote;
   CREATE INDEX message_undecided ON message (room, json_extract(body, '$.view.decision.closesAtMs'))
     WHERE json_extract(body, '$.view.decision.state') = 'open';`,
  // The names and the columns that the rules know: of several databases each reads JSON in words of its own. `held_by`: in whose
  // hands a command is that the core has yet to hear.
  `DROP INDEX message_upload;
   DROP INDEX message_undecided;
   ALTER TABLE message ADD COLUMN held_by TEXT;
   ALTER TABLE message ADD COLUMN held_until_ms INTEGER;
   ALTER TABLE message ADD COLUMN upload_id TEXT;
   ALTER TABLE message ADD COLUMN picture INTEGER NOT NULL DEFAULT 0;
   ALTER TABLE message ADD COLUMN closes_at_ms INTEGER;
   UPDATE message SET upload_id = json_extract(body, '$.upload.id') WHERE json_extract(body, '$.upload.id') IS NOT NULL;
   UPDATE message SET picture = 1 WHERE json_extract(body, '$.view.image.key') IS NOT NULL
     AND json_extract(body, '$.view.progress') IS NULL AND json_extract(body, '$.view.decision') IS NULL;
   UPDATE message SET closes_at_ms = json_extract(body, '$.view.decision.closesAtMs')
     WHERE json_extract(body, '$.view.decision.state') = 'open';
   ALTER TABLE meta RENAME TO web_meta;
   ALTER TABLE member RENAME TO web_member;
   ALTER TABLE look RENAME TO web_look;
   ALTER TABLE device RENAME TO web_device;
   ALTER TABLE room RENAME TO web_room;
   ALTER TABLE seat RENAME TO web_seat;
   ALTER TABLE message RENAME TO web_message;
   CREATE INDEX message_upload ON web_message (upload_id) WHERE upload_id IS NOT NULL;
   CREATE INDEX message_undecided ON web_message (room, closes_at_ms) WHERE closes_at_ms IS NOT NULL;`,
];

/** As `takeSteps`. */
export function migrateGroupLog(db: Database, upTo?: number): void {
  takeSteps(db, MIGRATIONS, upTo);
}

/** The version of a group log that this Placard has written. */
export const newestGroupLogStep = MIGRATIONS.length;
