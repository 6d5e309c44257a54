import type { Answer, Sql, Value } from "../../ports/sql.ts";
import { storable } from "./storable.ts";

const AWAIT_IS_MISSING = "an await is missing";

interface Result {
  readonly rows: readonly unknown[];
  readonly rowCount: number | null;
}

/** The statements of one body. Each is sent when it is awaited, and only then: so one that nobody awaits can be told. */
export class Session implements Sql {
  readonly #send: (text: string, values: Value[]) => Promise<Result>;
  #unawaited = 0;
  #underWay = 0;
  #over = false;
  #failed: unknown;

  constructor(send: (text: string, values: Value[]) => Promise<Result>) {
    this.#send = send;
  }

  get<R>(text: string, ...values: readonly Value[]): Answer<R | undefined> {
    return this.#answer(text, values, ({ rows }) => rows[0] as R | undefined);
  }
  all<R>(text: string, ...values: readonly Value[]): Answer<readonly R[]> {
    return this.#answer(text, values, ({ rows }) => rows as readonly R[]);
  }
  run(text: string, ...values: readonly Value[]): Answer<number> {
    return this.#answer(text, values, ({ rowCount }) => rowCount ?? 0);
  }

  /**
   * Nothing comes after this.
   *
   * @throws Error when a statement was left without `await`, and what one failed with: the server has undone all of it by then,
   * and would answer COMMIT as if it had not
   */
  end(): void {
    this.#over = true;
    if (this.#failed !== undefined) throw this.#failed;
    if (this.#unawaited + this.#underWay > 0)
      throw new Error(`a transaction ended before its statements: ${AWAIT_IS_MISSING}`);
  }

  /** It is over, however it ended. */
  drop(): void {
    this.#over = true;
  }

  #answer<R>(text: string, values: readonly Value[], read: (result: Result) => R): Answer<R> {
    this.#unawaited += 1;
    return {
      // biome-ignore lint/suspicious/noThenProperty: it is there to be awaited
      then: (fulfilled, rejected) => {
        this.#unawaited -= 1;
        this.#perform(text, values, read).then(fulfilled, rejected);
      },
    };
  }

  async #perform<R>(text: string, values: readonly Value[], read: (result: Result) => R): Promise<R> {
    if (this.#over) throw new Error(`a transaction was used after its end: ${AWAIT_IS_MISSING}`);
    this.#underWay += 1;
    try {
      return read(await this.#send(text, values.map(storable)));
    } catch (error) {
      this.#failed ??= error;
      throw error;
    } finally {
      this.#underWay -= 1;
    }
  }
}
