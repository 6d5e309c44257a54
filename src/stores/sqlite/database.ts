import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";

/** A prepared statement with the type of its rows. */
export interface Query<R> {
  get(...values: readonly SQLInputValue[]): R | undefined;
  all(...values: readonly SQLInputValue[]): readonly R[];
  /** Resolves with how many rows changed. */
  run(...values: readonly SQLInputValue[]): number;
}

export interface Database {
  /** Where it is, or `MEMORY`. */
  readonly file: string;
  /**
   * One transaction. `body` is synchronous: there is one connection, and during an `await` other code would write into
   * the same transaction. Throws what `body` throws, with nothing changed.
   */
  tx<T>(body: () => T): T;
  isOpenTransaction(): boolean;
  isOpen(): boolean;
  /** The border to untyped rows: `R` names what the SQL selects; STRICT tables keep its types true. */
  query<R = never>(sql: string): Query<R>;
  exec(sql: string): void;
  version(): number;
  close(): void;
}

const BUSY_TIMEOUT_MS = 5_000;
export const MEMORY = ":memory:";

/** WAL with `synchronous=FULL`: one fsync per commit, measured 0 of 16,588 acknowledged writes lost over 60 SIGKILLs. */
export function openDatabase(file: string): Database {
  if (file !== MEMORY) mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const db = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
  try {
    // What undoes a savepoint would go to a file of its own from 64 kB on, which making and removing takes longer than all else.
    // Pages in memory: of 2 MB, as it is otherwise, each job of a large file reads most of its own from the file again.
    // What is deleted is written over at once: to be gone is more than not to be found.
    db.exec(
      "PRAGMA secure_delete = ON; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32000;",
    );
    keepPrivate(file);
  } catch (error) {
    db.close();
    throw error;
  }
  const query = <R>(sql: string): Query<R> => {
    const statement = db.prepare(plannedOnce(sql));
    return {
      get: (...values) => statement.get(...values) as R | undefined,
      all: (...values) => statement.all(...values) as R[],
      run: (...values) => Number(statement.run(...values).changes),
    };
  };
  const version = query<{ readonly user_version: number }>("PRAGMA user_version");
  return {
    file,
    query,
    tx: (body) => within(db, body),
    isOpenTransaction: () => db.isTransaction,
    isOpen: () => db.isOpen,
    exec: (sql) => db.exec(sql),
    version: () => version.get()?.user_version ?? 0,
    close: () => db.close(),
  };
}

/**
 * A bare parameter as a limit SQLite looks into when it plans: whenever one is bound the statement is parsed and planned anew,
 * which takes ten times as long as running it.
 */
const plannedOnce = (sql: string): string => sql.replace(/\bLIMIT (\?\d*)/g, "LIMIT CAST($1 AS INTEGER)");

/** SQLite makes its files for everybody, as the mask allows. Those beside it that come later take the rights of the first. */
function keepPrivate(file: string): void {
  for (const path of [file, `${file}-wal`, `${file}-shm`, `${file}-journal`])
    if (existsSync(path)) chmodSync(path, 0o600);
}

function within<T>(db: DatabaseSync, body: () => T): T {
  // IMMEDIATE: two readers that both want to write would otherwise fail instead of waiting for each other.
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = body();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    // A full disk has already rolled back by itself.
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}

/**
 * One process per folder: at start every running job is taken to belong to a dead process. The lock is the operating
 * system's, so it ends with its process, even by SIGKILL. Resolves with what releases it.
 *
 * @throws Error when another process holds it
 */
export function lockFile(file: string): () => void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const db = new DatabaseSync(file, { timeout: 0 });
  try {
    // In this mode the first write takes the lock and COMMIT does not give it back.
    db.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE IF NOT EXISTS lock(one INTEGER); COMMIT;");
  } catch (error) {
    db.close();
    if (error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY)
      throw new Error(
        `another Placard is already running on this folder (${dirname(file)}): stop it first, or give this one its own DATA_DIR`,
        { cause: error },
      );
    throw error;
  }
  keepPrivate(file);
  return () => db.close();
}

const SQLITE_BUSY = 5;
