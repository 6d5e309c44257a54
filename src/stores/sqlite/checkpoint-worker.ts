import { DatabaseSync } from "node:sqlite";
import { parentPort } from "node:worker_threads";
import type { CheckpointAnswer, CheckpointOrder } from "./checkpoints.ts";

// The connection lasts as long as one step, so that outside of one the main thread's is the only one. Both are of one SQLite
// in one process, which keeps the process's locks over this close.

/** For a transaction of the main thread to end. */
const BUSY_TIMEOUT_MS = 2000;

function work({ file, step, keptBytes }: CheckpointOrder): void {
  const db = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
  try {
    switch (step) {
      case "copy":
        db.exec("PRAGMA wal_checkpoint(PASSIVE)");
        return;
      case "begin anew":
        db.exec(
          `PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = ${keptBytes}; PRAGMA wal_checkpoint(RESTART)`,
        );
        touch(db);
        return;
      case "erase":
        eraseDeleted(db);
        return;
    }
  } finally {
    db.close();
  }
}

/** @throws Error when another process reads it, and so keeps the log */
function eraseDeleted(db: DatabaseSync): void {
  db.exec("VACUUM");
  if (db.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get()?.["busy"] !== 0)
    throw new Error("the log of the database is in use");
}

/** Whoever writes first into a log that begins anew flushes its header: here, and not on the main thread. */
function touch(db: DatabaseSync): void {
  const version = Number(db.prepare("PRAGMA user_version").get()?.["user_version"]);
  db.exec(`PRAGMA user_version = ${version}`);
}

parentPort?.on("message", (order: CheckpointOrder) => {
  let answer: CheckpointAnswer = {};
  try {
    work(order);
  } catch (error) {
    answer = { error: error instanceof Error ? error : new Error(String(error)) };
  }
  parentPort?.postMessage(answer);
});
