import { statSync } from "node:fs";
import { basename } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Primary result codes of SQLite that mean: this file is not what it should be. */
const SQLITE_ERROR = 1;
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;
const LOOK_WITHIN_MS = 5000;

const wayBack = (file: string): string =>
  `Stop Placard and type npm run restore to see your copies and put one in its place; nothing is removed. (${file})`;

/**
 * Looks without changing anything: SQLite would take an empty file for a new database, and another program's for ours.
 *
 * @throws Error with a sentence for the operator, or what `damageOf` knows
 */
export function refuseDamaged(file: string): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size;
  if (size === undefined) return;
  if (size === 0)
    throw new Error(
      `the database ${basename(file)} is empty: what was in it is gone. ${wayBack(file)} If this Placard was never used, remove that file instead`,
    );
  const db = new DatabaseSync(file, { readOnly: true, timeout: LOOK_WITHIN_MS });
  try {
    const version = db.prepare("PRAGMA user_version").get()?.["user_version"];
    if (version === 0 && db.prepare("SELECT name FROM sqlite_master LIMIT 1").get() !== undefined)
      throw foreignDatabase(file);
  } finally {
    db.close();
  }
}

const damaged = (file: string, cause?: Error): Error =>
  new Error(`the database ${basename(file)} is damaged. ${wayBack(file)}`, { cause });

/** It is a database, and none of ours. */
const foreignDatabase = (file: string, cause?: Error): Error =>
  new Error(`the database ${basename(file)} holds something else than Placard's data. ${wayBack(file)}`, { cause });

/** What opening a database threw, in words for the operator where the file itself is at fault. */
export function damageOf(file: string, error: unknown): unknown {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number") return error;
  const code = error.errcode & 0xff;
  if (code === SQLITE_CORRUPT || code === SQLITE_NOTADB) return damaged(file, error);
  // A statement that makes no sense there: tables or columns are missing.
  if (code === SQLITE_ERROR) return foreignDatabase(file, error);
  return error;
}
