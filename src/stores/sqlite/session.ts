import type { Answer, Sql, Value } from "../../ports/sql.ts";
import type { Database, Query } from "./database.ts";

const AWAIT_IS_MISSING = "an await is missing";

/** What PostgreSQL needs and SQLite does not: locks, as there is one writer; and other names for the same things. */
const toSqlite = (text: string): string =>
  text
    .replace(/\s+FOR (SHARE|(NO KEY )?UPDATE)( SKIP LOCKED)?/g, "")
    .replace(/\$(\d+)/g, "?$1")
    .replace(/\bGREATEST\(/g, "max(");

export type Prepared = (text: string) => Query<unknown>;

/** Each text is prepared once. */
export function preparedOver(db: Database): Prepared {
  const statements = new Map<string, Query<unknown>>();
  return (text) => {
    const found = statements.get(text);
    if (found) return found;
    const made = db.query<unknown>(toSqlite(text));
    statements.set(text, made);
    return made;
  };
}

/**
 * The statements of one body. SQLite does them at once, so a body never waits for anything but its own: what it leaves
 * without `await`, and what comes after its end, is refused here as PostgreSQL would.
 */
export class Session implements Sql {
  readonly #prepared: Prepared;
  readonly #refused: () => Error | undefined;
  #unawaited = 0;
  #over = false;

  /** @param refused why nothing may be done now */
  constructor(prepared: Prepared, refused: () => Error | undefined) {
    this.#prepared = prepared;
    this.#refused = refused;
  }

  get<R>(text: string, ...values: readonly Value[]): Answer<R | undefined> {
    return this.#answer("get", text, values);
  }
  all<R>(text: string, ...values: readonly Value[]): Answer<readonly R[]> {
    return this.#answer("all", text, values);
  }
  run(text: string, ...values: readonly Value[]): Answer<number> {
    return this.#answer("run", text, values);
  }
  effect(text: string, ...values: readonly Value[]): Answer<void> {
    return this.#answer("run", text, values);
  }

  /** Nothing comes after this. @throws Error when a statement was left without `await` */
  end(): void {
    this.#over = true;
    if (this.#unawaited > 0) throw new Error(`a transaction ended before its statements: ${AWAIT_IS_MISSING}`);
  }

  #answer<R>(how: keyof Query<unknown>, text: string, values: readonly Value[]): Answer<R> {
    this.#unawaited += 1;
    return new Statement<R>(this, how, text, values);
  }

  /** @throws what SQLite throws, and when nothing may be done any more */
  perform(how: keyof Query<unknown>, text: string, values: readonly Value[]): unknown {
    this.#unawaited -= 1;
    if (this.#over) throw new Error(`a transaction was used after its end: ${AWAIT_IS_MISSING}`);
    const refused = this.#refused();
    if (refused) throw refused;
    return this.#prepared(text)[how](...values);
  }
}

/** Does its work when it is awaited, and only then: so one that nobody awaits can be told from the others. */
class Statement<R> implements Answer<R> {
  readonly #session: Session;
  readonly #how: keyof Query<unknown>;
  readonly #text: string;
  readonly #values: readonly Value[];

  constructor(session: Session, how: keyof Query<unknown>, text: string, values: readonly Value[]) {
    this.#session = session;
    this.#how = how;
    this.#text = text;
    this.#values = values;
  }

  // biome-ignore lint/suspicious/noThenProperty: it is there to be awaited
  then(fulfilled: (value: R) => void, rejected: (reason: unknown) => void): void {
    let value: R;
    try {
      // The border to untyped rows: see `Sql.get`.
      value = this.#session.perform(this.#how, this.#text, this.#values) as R;
    } catch (error) {
      rejected(error);
      return;
    }
    fulfilled(value);
  }
}
