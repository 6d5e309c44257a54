import { setTimeout as sleep } from "node:timers/promises";
import type { Answer, Engine, Sql, Value } from "../../src/ports/sql.ts";
import { openDatabase } from "../../src/stores/sqlite/database.ts";
import { type Prepared, preparedOver } from "../../src/stores/sqlite/session.ts";

/**
 * How the bodies of one engine are run again. "undone": some are run, undone and run once more, as after a deadlock. "unheard":
 * each is committed and run once more with `again`, as when the connection died before the answer came.
 */
export type RunAgain = "undone" | "unheard";

/** Tables that only a database with several writers needs. */
const FOR_MANY = `
  CREATE TABLE IF NOT EXISTS row_lock(key TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS leader(name TEXT PRIMARY KEY, holder TEXT NOT NULL, fence INTEGER NOT NULL,
    until_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;`;

/**
 * An open SQLite file as a distant database with many writers: each statement waits a random turn, readers have a connection of
 * their own, all locks are taken, and bodies are run again. For tests.
 */
export function scrambledEngine(file: string, runAgain: RunAgain, seed = 1): Engine {
  const writer = openDatabase(file);
  writer.exec(`PRAGMA synchronous = OFF; ${FOR_MANY}`);
  const reader = openDatabase(file);
  const chance = randomFrom(seed);
  const write = preparedOver(writer);
  const read = preparedOver(reader);
  let before: Promise<unknown> = Promise.resolve();
  let closed = false;

  async function turn(): Promise<void> {
    const waits = chance();
    if (waits < 0.5) await Promise.resolve();
    else if (waits < 0.99) await new Promise((resolve) => setImmediate(resolve));
    else await sleep(1);
  }

  async function within<T>(prepared: Prepared, body: (sql: Sql) => Promise<T>): Promise<T> {
    let unawaited = 0;
    let over = false;
    const inTurn = async <R>(work: () => R): Promise<R> => {
      unawaited += 1;
      if (!over) await turn();
      if (over) throw new Error("a transaction was used after its end: an await is missing");
      unawaited -= 1;
      return work();
    };
    const later = <R>(work: () => R): Promise<R> => {
      const result = inTurn(work);
      // What nobody awaits is told by its transaction.
      result.catch(() => {});
      return result;
    };
    const sql: Sql = {
      get: <R>(text: string, ...values: readonly Value[]): Answer<R | undefined> =>
        later(() => prepared(text).get(...values) as R | undefined),
      all: <R>(text: string, ...values: readonly Value[]): Answer<readonly R[]> =>
        later(() => prepared(text).all(...values) as readonly R[]),
      run: (text, ...values) => later(() => prepared(text).run(...values)),
      effect: (text, ...values) => later(() => void prepared(text).run(...values)),
    };
    try {
      const result = await body(sql);
      if (unawaited > 0) throw new Error("a transaction ended before its statements: an await is missing");
      return result;
    } finally {
      over = true;
    }
  }

  async function once<T>(body: (sql: Sql) => Promise<T>, end: "COMMIT" | "ROLLBACK"): Promise<T> {
    writer.exec("BEGIN IMMEDIATE");
    try {
      const result = await within(write, body);
      writer.exec(end);
      return result;
    } catch (error) {
      writer.exec("ROLLBACK");
      throw error;
    }
  }
  async function transaction<T>(body: (sql: Sql, again: boolean) => Promise<T>): Promise<T> {
    if (runAgain === "unheard") {
      await once((sql) => body(sql, false), "COMMIT");
      return once((sql) => body(sql, true), "COMMIT");
    }
    if (chance() < 0.3) await once((sql) => body(sql, false), "ROLLBACK");
    return once((sql) => body(sql, false), "COMMIT");
  }

  return {
    oneWriter: false,
    transact(body) {
      if (closed) return Promise.reject(new Error("the store is closed"));
      const run = before.then(() => transaction(body));
      before = run.catch(() => {});
      return run;
    },
    async read(body) {
      if (closed) throw new Error("the store is closed");
      return within(read, body);
    },
    async close() {
      if (closed) return;
      closed = true;
      await before;
      reader.close();
      writer.close();
    },
  };
}

/** 0 to 1; the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
