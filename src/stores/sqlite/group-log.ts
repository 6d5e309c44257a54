import { randomBytes } from "node:crypto";
import type { GroupLog } from "../../ports/group-log.ts";
import { damageOf, refuseDamaged } from "./damage.ts";
import { type Database, openDatabase } from "./database.ts";
import { membersOf } from "./group-log/members.ts";
import { messagesOf } from "./group-log/messages.ts";
import { migrateGroupLog } from "./group-log/schema.ts";
import { sweepOf } from "./group-log/sweep.ts";
import { flushBeside, type WalFlush, type WalFlushOptions } from "./wal-flush.ts";

/**
 * The web chat's groups in one SQLite file of their own, made with its folder when absent.
 *
 * @param file or `MEMORY`, which keeps nothing
 */
export function openGroupLog(file: string, nowMs: () => number, flush: WalFlushOptions = {}): GroupLog {
  try {
    refuseDamaged(file);
    const db = openDatabase(file);
    try {
      migrateGroupLog(db);
      return groupLogOver(db, flushBeside(db, flush), nowMs);
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    throw damageOf(file, error);
  }
}

function groupLogOver(db: Database, wal: WalFlush, nowMs: () => number): GroupLog {
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
    ...sweepOf(db),
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
    durable: async () => wal.flush(),
    close() {
      if (!open) return;
      open = false;
      wal.close();
      db.close();
    },
  };
}
