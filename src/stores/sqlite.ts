import { join } from "node:path";
import { z } from "zod";
import type { Log } from "../ports/log.ts";
import { defineStore, type StoreParts, type StoreServices } from "../ports/module.ts";
import type { Engine } from "../ports/sql.ts";
import type { Store } from "../ports/store.ts";
import { type StoreOverSql, storeOver } from "../rules/store.ts";
import { createChatMemory } from "./shared/chat-memory.ts";
import { createDocumentFiles } from "./shared/document-files.ts";
import { createPictureFiles } from "./shared/picture-files.ts";
import { STORE_FILE } from "./sqlite/copies/layout.ts";
import { damageOf, refuseDamaged } from "./sqlite/damage.ts";
import { lockFile, MEMORY, openDatabase } from "./sqlite/database.ts";
import { engineOver, type SqliteEngine } from "./sqlite/engine.ts";
import { openGroupLog } from "./sqlite/group-log.ts";
import { movedNote, movedWarning } from "./sqlite/moved-note.ts";
import { durableStorage, onlyDurable } from "./sqlite/only-durable.ts";
import { migrate } from "./sqlite/schema.ts";
import { flushBeside, type WalFlushOptions } from "./sqlite/wal-flush.ts";

/** Where everything is kept unless the operator says otherwise: in the data folder, in SQLite files and picture files. */
export const module = defineStore({
  name: "sqlite",
  summary: "Files in the data folder; nothing to install.",
  env: z.object({}),
  fallback: true,
  create: (_settings, services) => partsIn(services),
  speeds: async (_settings, dataDir) => (await import("./sqlite/speeds.ts")).speedsIn(join(dataDir, STORE_FILE)),
});

function partsIn({ dataDir, folder, lasting, log, nowMs, notices }: StoreServices): StoreParts {
  return {
    async rows() {
      const moved = lasting ? movedNote(dataDir) : undefined;
      if (moved) {
        const todo = movedWarning(dataDir, moved);
        log.warn("store.moved", { todo });
        notices.say("moved", todo);
      }
      const file = lasting ? join(dataDir, STORE_FILE) : MEMORY;
      const store = await openSqliteStore({ file, exclusive: lasting, log });
      return {
        store,
        values: store.keyValues,
        memory: createChatMemory(store.keyValues),
        ...(store.statements ? { statements: store.statements } : {}),
      };
    },
    pictures: async () => createPictureFiles(folder("pictures")),
    documents: async () => createDocumentFiles(folder("documents")),
    groupLog: async () => openGroupLog(lasting ? join(folder("webchat"), "webchat.sqlite") : MEMORY, nowMs, { log }),
    backups: async () => (await import("./sqlite/copies.ts")).backups,
    moveOut: async (work) => (await import("./sqlite/move-out.ts")).moveOut(dataDir, work),
  };
}

export interface SqliteStoreOptions {
  /** The database file, made with its folder when absent; ":memory:" keeps nothing. */
  readonly file: string;
  /** Refuse to open beside another process that did the same. */
  readonly exclusive: boolean;
  /** The clock behind `ahead`, the only method that is not told the time. */
  readonly nowMs?: () => number;
  readonly log?: Log;
  readonly flush?: Omit<WalFlushOptions, "log">;
  /** What the rules stand over instead of the engine alone: for whoever counts what goes through it. */
  readonly watched?: (engine: Engine) => Engine;
}

/**
 * The store of one machine: one file through the SQLite inside Node. What a method resolves with is on disk, and the event
 * loop does not wait for that: see `flushBeside` and `onlyDurable`. Pictures' bytes stay out of it.
 *
 * @throws Error in words for the operator when another process holds the folder, a newer Placard wrote the file, or it is
 * damaged, empty or another program's
 */
export async function openSqliteStore(
  options: SqliteStoreOptions,
): Promise<StoreOverSql & Partial<Pick<SqliteEngine, "statements">>> {
  const { file, log, watched = (engine: Engine) => engine } = options;
  const unlock = options.exclusive && file !== MEMORY ? lockFile(`${file}.lock`) : () => {};
  try {
    refuseDamaged(file);
    const db = openDatabase(file);
    try {
      migrate(db);
      log?.info("store.opened", { kind: "sqlite", version: db.version() });
      const wal = flushBeside(db, { ...options.flush, log });
      const engine = engineOver(db, wal);
      const { keyValues, close, ...methods } = storeOver(watched(engine), options.nowMs ?? Date.now);
      let closing: Promise<void> | undefined;
      return {
        ...onlyDurable(methods, wal, SHOWN),
        keyValues: () => durableStorage(keyValues(), wal),
        statements: engine.statements,
        close() {
          closing ??= close().finally(unlock);
          return closing;
        },
      };
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    unlock();
    throw damageOf(file, error);
  }
}

/** Goes on being shown after a failed flush. What leads to a post, a picture or a charge is not here. */
const SHOWN: ReadonlySet<string> = new Set<keyof Store>([
  "account",
  "accountsOf",
  "addressWindow",
  "ahead",
  "blockOf",
  "blocks",
  "counts",
  "decision",
  "decisionAbout",
  "document",
  "gauges",
  "giftsOf",
  "history",
  "job",
  "jobByMessage",
  "joinedAccounts",
  "latestMeeting",
  "loads",
  "meeting",
  "meetingBudget",
  "meetingIn",
  "meetingMark",
  "nextJobs",
  "openDecisions",
  "openJobs",
  "picture",
  "pictureByNumber",
  "pictureBySum",
  "pictureLike",
  "picturesAsked",
  "picturesOf",
  "pot",
  "speed",
  "spendWindow",
  "winners",
]);
