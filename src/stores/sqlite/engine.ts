import type { Engine, Sql } from "../../ports/sql.ts";
import { type Database, MEMORY } from "./database.ts";
import { preparedOver, Session } from "./session.ts";
import { AT_COMMIT, type WalFlush } from "./wal-flush.ts";

/** More at once would hold the event loop up; so many wait for nobody else. */
const TOGETHER_MAX = 16;

type Body = (sql: Sql, again: boolean) => Promise<unknown>;

interface Waiting {
  readonly body: Body;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

export interface SqliteEngine extends Engine {
  /** Transactions and looks so far: those of one round of the event loop share a transaction. */
  statements(): number;
}

const awaitedMore = () => new Error("a transaction awaited something besides its database");

/**
 * One connection and one transaction at a time. The bodies of one round of the event loop share a transaction, each a part
 * that is undone alone, and so share a commit: a crowd costs one, not one each. The work is done at once underneath, so an
 * `await` inside a body costs a microtask, and the whole batch ends within its round. What resolves is committed, and on disk
 * once a flush has followed: see `onlyDurable`. What comes during a flush shares only the next one, so it is gathered until
 * then: each commit writes the pages that all of them change anew.
 */
export function engineOver(db: Database, wal: Omit<WalFlush, "failure"> = AT_COMMIT): SqliteEngine {
  const prepared = preparedOver(db);
  const savepoint = db.query("SAVEPOINT part");
  const release = db.query("RELEASE part");
  /** As soon as one waits, a round is on its way. */
  let waiting: Waiting[] = [];
  /** Ends when the batch that is open does. */
  let batch: Promise<void> | undefined;
  let isOpen = false;
  let closed = false;
  let statements = 0;
  /** Of the body that is at work. */
  let refuse: () => void = () => {};
  let roundEnd: NodeJS.Immediate | undefined;
  /** Ends the gathering. */
  let full: () => void = () => {};

  function late(): void {
    roundEnd = undefined;
    refuse();
  }

  /** Gives what settles its promise once the batch is committed. @throws where the others' parts are undone as well */
  async function part({ body, resolve, reject }: Waiting): Promise<() => void> {
    savepoint.run();
    try {
      const result = await withinRound(body);
      release.run();
      return () => resolve(result as never);
    } catch (error) {
      // A full disk has already undone everything: the others must hear of it.
      if (!db.isOpenTransaction()) throw error;
      db.exec("ROLLBACK TO part; RELEASE part");
      return () => reject(error);
    }
  }

  /** The only part: undone with its transaction. */
  async function whole({ body, resolve }: Waiting): Promise<() => void> {
    const result = await withinRound(body);
    return () => resolve(result as never);
  }

  /** Other code would write into this transaction, and all others wait for it, while a body awaits anything else. */
  function withinRound(body: Body): Promise<unknown> {
    let late: Error | undefined;
    const session = new Session(prepared, () => late);
    return new Promise((resolve, reject) => {
      refuse = () => {
        late = awaitedMore();
        reject(late);
      };
      body(session, false).then((result) => {
        try {
          session.end();
          resolve(result);
        } catch (error) {
          reject(error);
        }
      }, reject);
    });
  }

  /** Never rejects. */
  async function write(parts: readonly Waiting[]): Promise<void> {
    let settle: (() => void)[] = [];
    try {
      statements += 1;
      db.exec("BEGIN IMMEDIATE");
      isOpen = true;
      for (const one of parts) {
        roundEnd ??= setImmediate(late);
        settle.push(await (parts.length === 1 ? whole(one) : part(one)));
      }
      db.exec("COMMIT");
    } catch (error) {
      // A full disk, a broken file: nothing of the batch is there.
      if (db.isOpenTransaction()) db.exec("ROLLBACK");
      settle = parts.map(
        ({ reject }) =>
          () =>
            reject(error),
      );
    }
    isOpen = false;
    clearImmediate(roundEnd);
    roundEnd = undefined;
    for (const done of settle) done();
  }

  function round(): void {
    const later = wal.writable();
    if (later) return void later.then(round);
    const parts = waiting.slice(0, TOGETHER_MAX);
    waiting = waiting.slice(TOGETHER_MAX);
    batch = write(parts).then(() => {
      batch = undefined;
      if (waiting.length > 0) setImmediate(begin);
    });
  }

  function begin(): void {
    const flushing = waiting.length < TOGETHER_MAX ? wal.underWay() : undefined;
    if (!flushing) {
      round();
      return;
    }
    const gathered = Promise.withResolvers<void>();
    full = gathered.resolve;
    flushing.then(full, full);
    // In a round of its own: a reader may be between two of its statements.
    void gathered.promise.then(() => setImmediate(round));
  }

  const refusedToReader = () => (isOpen ? awaitedMore() : undefined);

  return {
    oneWriter: true,
    statements: () => statements,
    transact: (body) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(new Error("the store is closed"));
        if (waiting.length === 0 && !batch) setImmediate(begin);
        waiting.push({ body, resolve, reject });
        if (waiting.length === TOGETHER_MAX) full();
      }),
    async read(body) {
      // A reader on the same connection would see what is not committed, and a full disk may still undo it.
      while (batch) await batch;
      statements += 1;
      const session = new Session(prepared, refusedToReader);
      const result = await body(session);
      session.end();
      return result;
    },
    async erase() {
      if (db.file === MEMORY) return;
      while (batch) await batch;
      if (wal.erase) return wal.erase();
      db.exec("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
    },
    async close() {
      closed = true;
      while (batch || waiting.length > 0) await (batch ?? new Promise(setImmediate));
      await wal.flush().catch(() => undefined);
      wal.close();
      if (db.isOpen()) db.close();
    },
  };
}
