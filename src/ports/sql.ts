/**
 * What a database brings so that the rules can stand over it, and all that differs between databases. The statements above it
 * are written once, in the common subset of SQLite 3.53 and PostgreSQL 15: `$1` parameters, upserts, RETURNING, FILTER, row
 * values, quoted aliases, `FOR NO KEY UPDATE`.
 */
export type Value = string | number | null;

/**
 * A statement's result, to be awaited, once, at once: the statement runs then, and one that nobody awaits makes its transaction
 * fail. Not a promise: nothing else can be done with it.
 */
export interface Answer<R> {
  then(fulfilled: (value: R) => void, rejected: (reason: unknown) => void): void;
}

export interface Sql {
  /** The row, or `undefined`. The border to untyped rows: `R` names what the text selects. */
  get<R>(text: string, ...values: readonly Value[]): Answer<R | undefined>;
  all<R>(text: string, ...values: readonly Value[]): Answer<readonly R[]>;
  /** Resolves with how many rows changed. */
  run(text: string, ...values: readonly Value[]): Answer<number>;
  /**
   * A statement for its effect alone, a lock among them. What comes after it is done after it, and need not wait for its answer: over
   * a network several are one round trip. One that fails makes the next statement fail, or the end of the transaction.
   */
  effect(text: string, ...values: readonly Value[]): Answer<void>;
}

export interface Engine {
  /** One process and one transaction at a time: nobody has to be kept from a row, and this process is the leader. */
  readonly oneWriter: boolean;
  /**
   * One transaction, durable when it resolves; rejects with what `body` throws, with nothing changed. `body` awaits `sql` and
   * nothing else, and has no effect but through it: it may be run again (a deadlock, a restart of the server). `again`: an
   * earlier run may have been committed without our hearing of it.
   *
   * @param statements "one": `body` makes one at most, which commits itself: where each is a round trip it needs no words around
   *   it, and what `body` throws after it undoes nothing
   * @throws Error when `body` awaits something else, or leaves a statement without `await`
   */
  transact<T>(body: (sql: Sql, again: boolean) => Promise<T>, statements?: "one"): Promise<T>;
  /** Committed rows only. The same rules for `body`, which changes nothing. */
  read<T>(body: (sql: Sql) => Promise<T>): Promise<T>;
  /**
   * What is deleted is not in the database's files any more, and not in its log, as far as that is ours to say. Takes as long as to
   * write all of it anew. Absent: it never was in any.
   */
  erase?(): Promise<void>;
  /** Ends after what was asked for before. Safe to call twice. */
  close(): Promise<void>;
}
