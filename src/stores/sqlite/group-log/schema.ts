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
];

/** As `takeSteps`. */
export function migrateGroupLog(db: Database, upTo?: number): void {
  takeSteps(db, MIGRATIONS, upTo);
}

/** The version of a group log that this Placard has written. */
export const newestGroupLogStep = MIGRATIONS.length;
