import type { Answer, Engine, Sql, Value } from "../ports/sql.ts";

/** What rules work in: one transaction, or one look at committed rows. */
export interface Tx {
  readonly sql: Sql;
  /** See `Engine`. */
  readonly oneWriter: boolean;
  /** See `Engine.transact`. */
  readonly again: boolean;
  /** How far it has come in the order of locks: see `locks.ts`. */
  reached: number;
}

// A statement with the types of its row and of its `$1`, `$2` …; each is one to three lines, and no rule is in it.

export const one =
  <R, A extends readonly Value[]>(text: string) =>
  ({ sql }: Tx, ...values: A): Answer<R | undefined> =>
    sql.get<R>(text, ...values);

export const all =
  <R, A extends readonly Value[]>(text: string) =>
  ({ sql }: Tx, ...values: A): Answer<readonly R[]> =>
    sql.all<R>(text, ...values);

/** Nobody reads how many rows changed. Over a network it costs no round trip of its own. */
export const effect =
  <A extends readonly Value[]>(text: string) =>
  ({ sql }: Tx, ...values: A): Answer<void> =>
    sql.effect(text, ...values);

/** Resolves with how many rows changed. */
export const run =
  <A extends readonly Value[]>(text: string) =>
  ({ sql }: Tx, ...values: A): Answer<number> =>
    sql.run(text, ...values);

/** Of one number, selected as `n`. */
export const number =
  <A extends readonly Value[]>(text: string) =>
  async ({ sql }: Tx, ...values: A): Promise<number> =>
    (await sql.get<{ readonly n: number }>(text, ...values))?.n ?? 0;

/** Somebody's accounts were joined or parted while their bucket was waited for: nothing was done, and it is done anew. */
export class PersonMoved extends Error {
  override readonly name = "PersonMoved";
}
/** So often within one command nobody joins and parts accounts. */
const TRIES = 10;

/** A look takes no locks: it is past all of them. */
const PAST_ALL = Number.POSITIVE_INFINITY;

export interface Transactions {
  readonly act: <T>(body: (tx: Tx) => Promise<T>) => Promise<T>;
  /** One statement, that decides nothing from what was read before it. */
  readonly once: <T>(body: (tx: Tx) => Promise<T>) => Promise<T>;
  readonly look: <T>(body: (tx: Tx) => Promise<T>) => Promise<T>;
}

export function transactionsOver(engine: Engine): Transactions {
  const { oneWriter } = engine;
  return {
    async act(body) {
      for (let tries = 1; ; tries += 1)
        try {
          return await engine.transact((sql, again) => body({ sql, oneWriter, again, reached: -1 }));
        } catch (error) {
          if (!(error instanceof PersonMoved) || tries === TRIES) throw error;
        }
    },
    once: (body) =>
      engine.transact((sql, again) => body({ sql: single(sql), oneWriter, again, reached: PAST_ALL }), "one"),
    look: (body) => engine.read((sql) => body({ sql, oneWriter, again: false, reached: PAST_ALL })),
  };
}

/** @throws Error at a second statement: by then the first one is committed where several processes share a database */
function single(sql: Sql): Sql {
  let made = false;
  const first = (): Sql => {
    if (made) throw new Error("a transaction of one statement made another");
    made = true;
    return sql;
  };
  return {
    get: (text, ...values) => first().get(text, ...values),
    all: (text, ...values) => first().all(text, ...values),
    run: (text, ...values) => first().run(text, ...values),
    effect: (text, ...values) => first().effect(text, ...values),
  };
}
