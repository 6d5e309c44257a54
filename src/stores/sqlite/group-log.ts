import type { GroupLog } from "../../ports/group-log.ts";
import { frontsHere } from "../../rules/fronts-here.ts";
import { groupLogOver } from "../../rules/group-log.ts";
import { damageOf, refuseDamaged } from "./damage.ts";
import { type Database, openDatabase } from "./database.ts";
import { engineOver } from "./engine.ts";
import { migrateGroupLog } from "./group-log/schema.ts";
import { flushBeside, type WalFlushOptions } from "./wal-flush.ts";

/**
 * The web chat's groups in one SQLite file of their own, made with its folder when absent.
 *
 * @param file or `MEMORY`, which keeps nothing
 */
export async function openGroupLog(file: string, nowMs: () => number, flush: WalFlushOptions = {}): Promise<GroupLog> {
  try {
    refuseDamaged(file);
    const db = openDatabase(file);
    try {
      migrateGroupLog(db);
      return await groupLogIn(db, nowMs, flush);
    } catch (error) {
      if (db.isOpen()) db.close();
      throw error;
    }
  } catch (error) {
    throw damageOf(file, error);
  }
}

function groupLogIn(db: Database, nowMs: () => number, options: WalFlushOptions): Promise<GroupLog> {
  const wal = flushBeside(db, options);
  const engine = engineOver(db, wal);
  return groupLogOver({
    engine,
    nowMs,
    fronts: frontsHere(),
    durable: () => wal.flush(),
    failed: (error) => options.log?.error("web.log_unread", { error }),
    close: engine.close,
  });
}
