import { randomBytes } from "node:crypto";
import type { RoomLog } from "../../ports/room-log.ts";
import { type Database, openDatabase } from "./database.ts";
import { membersOf } from "./room-log/members.ts";
import { messagesOf } from "./room-log/messages.ts";
import { migrateRoomLog } from "./room-log/schema.ts";

/**
 * The web chat's rooms in one SQLite file of their own, made with its folder when absent.
 *
 * @param file or `MEMORY`, which keeps nothing
 */
export function openRoomLog(file: string, nowMs: () => number): RoomLog {
  const db = openDatabase(file);
  try {
    migrateRoomLog(db);
    return roomLogOver(db, nowMs);
  } catch (error) {
    db.close();
    throw error;
  }
}

function roomLogOver(db: Database, nowMs: () => number): RoomLog {
  const add = db.query("INSERT INTO meta VALUES (?, ?) ON CONFLICT DO NOTHING");
  const find = db.query<{ readonly value: string }>("SELECT value FROM meta WHERE key = ?");
  const remembered = (key: string, bytes: number): string => {
    add.run(key, randomBytes(bytes).toString("base64url"));
    return String(find.get(key)?.value);
  };
  const messages = messagesOf(db, nowMs);
  let open = true;
  return {
    ...membersOf(db, nowMs),
    ...messages,
    epoch: remembered("epoch", 9),
    get rev() {
      return messages.rev;
    },
    get salt() {
      return remembered("salt", 32);
    },
    get open() {
      return open;
    },
    close() {
      if (open) db.close();
      open = false;
    },
  };
}
