import { channel } from "node:diagnostics_channel";
import { closeSync, fdatasync, openSync } from "node:fs";
import { promisify } from "node:util";
import type { Log } from "../../ports/log.ts";
import { type Checkpoints, createCheckpoints } from "./checkpoints.ts";
import { type Database, MEMORY } from "./database.ts";
import { createFlush, type Flush } from "./flush.ts";

/**
 * "beside": COMMIT writes to the log and flushes nothing; the log is flushed on a thread of libuv's pool, and whatever
 * leaves the process waits for that. "commit": SQLite flushes within each COMMIT, on the main thread.
 */
export type Durability = "beside" | "commit";

/**
 * Elsewhere than on Linux a flush beside SQLite is not shown to be one: on macOS `fdatasync` leaves it in the drive's cache,
 * and on Windows nobody has measured it.
 */
export const durabilityOn = (platform: NodeJS.Platform): Durability => (platform === "linux" ? "beside" : "commit");

/** Tells each flush and checkpoint to whoever counts: `{ file, what: "flush" | "checkpoint" }`. */
export const FLUSH_CHANNEL = "placard.flush";
const told = channel(FLUSH_CHANNEL);

export interface WalFlush extends Flush {
  /** As `Checkpoints.writable`. */
  writable(): Promise<void> | undefined;
  /** As `Checkpoints.erase`. Absent: the main thread does it. */
  erase?(): Promise<void>;
  /** Before the database is closed: ends what is under way beside it. Twice is harmless. */
  close(): void;
}

export interface WalFlushOptions {
  /** Default: as this system allows. */
  readonly durability?: Durability;
  readonly log?: Log | undefined;
  /** Flushes an open file. Default: the system's. */
  readonly sync?: (fd: number) => Promise<void>;
  /** Checkpoints of the log. Default: in a thread of their own. */
  readonly checkpoints?: (db: Database) => Checkpoints;
}

export const AT_COMMIT: WalFlush = {
  flush: () => Promise.resolve(),
  underWay: () => undefined,
  failure: () => undefined,
  writable: () => undefined,
  close: () => undefined,
};
const syncData = promisify(fdatasync);

/**
 * Takes the flushes of an open database off the main thread. Only the log is opened here, and never the main file: the
 * process's locks on that would go with the first descriptor that is closed. The log stays the same file as long as `db` is
 * open, since only the last connection removes it.
 */
export function flushBeside(db: Database, options: WalFlushOptions = {}): WalFlush {
  const { durability = durabilityOn(process.platform), log, sync = syncData } = options;
  if (durability === "commit" || db.file === MEMORY) return AT_COMMIT;
  db.exec("PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0");
  const fd = openSync(`${db.file}-wal`, "r+");
  const tell = (what: "flush" | "checkpoint") => told.publish({ file: db.file, what });
  const checkpoints = options.checkpoints?.(db) ?? createCheckpoints(db, { log, done: () => tell("checkpoint") });
  const changes = db.query<{ readonly count: number }>("SELECT total_changes() AS count");
  let syncing = false;
  let closed = false;

  const { flush, underWay, failure } = createFlush({
    file: db.file,
    mark: () => (db.isOpenTransaction() ? undefined : changes.get()?.count),
    async sync() {
      syncing = true;
      try {
        await sync(fd);
      } finally {
        syncing = false;
        if (closed) closeSync(fd);
      }
      tell("flush");
      if (!closed) checkpoints.look();
    },
    lost: (error) => log?.error("store.flush_failed", { error }),
  });
  return {
    flush,
    underWay,
    failure,
    writable: checkpoints.writable,
    erase: checkpoints.erase,
    close() {
      if (closed) return;
      closed = true;
      checkpoints.close();
      // A number that is closed during a flush could be another file's by then.
      if (!syncing) closeSync(fd);
    },
  };
}
