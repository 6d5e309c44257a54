import type { Answer, Sql, Value } from "../../ports/sql.ts";
import { storable } from "./storable.ts";

const AWAIT_IS_MISSING = "an await is missing";

export interface Result {
  readonly rows: readonly unknown[];
  readonly rowCount: number | null;
}

/**
 * The statements of one body. Each is sent when it is awaited, and only then: so one that nobody awaits can be told. What is sent
 * for its effect alone is answered on the way: the server does one after the other, and the first that fails speaks for all after it.
 */
export class Session implements Sql {
  readonly #send: (text: string, values: Value[]) => Promise<Result>;
  readonly #opened: Promise<void> | undefined;
  readonly #onTheWay = new Set<Promise<unknown>>();
  #opening: "sent" | "followed" | "over";
  #unawaited = 0;
  #underWay = 0;
  #over = false;
  #failed: { readonly error: unknown } | undefined;

  /**
   * @param opened the answer to BEGIN, which one statement may follow before it is there, and no more: where it was refused, that
   *   one would be alone in a transaction of its own
   */
  constructor(send: (text: string, values: Value[]) => Promise<Result>, opened?: Promise<unknown>) {
    this.#send = send;
    this.#opening = opened ? "sent" : "over";
    this.#opened = opened && this.#note(opened).then(() => this.#isOpen());
  }

  #isOpen(): void {
    this.#opening = "over";
  }

  get<R>(text: string, ...values: readonly Value[]): Answer<R | undefined> {
    return this.#answer(async () => (await this.#result(text, values)).rows[0] as R | undefined);
  }
  all<R>(text: string, ...values: readonly Value[]): Answer<readonly R[]> {
    return this.#answer(async () => (await this.#result(text, values)).rows as readonly R[]);
  }
  run(text: string, ...values: readonly Value[]): Answer<number> {
    return this.#answer(async () => (await this.#result(text, values)).rowCount ?? 0);
  }
  effect(text: string, ...values: readonly Value[]): Answer<void> {
    return this.#answer(async () => {
      if (this.#opening === "over") void this.#note(this.#send(text, values.map(storable)));
      else await this.#result(text, values);
    });
  }

  /** Nothing comes after this. @throws Error when a statement was left without `await`, and what one failed with */
  end(): void {
    this.#over = true;
    this.check();
    if (this.#unawaited + this.#underWay > 0)
      throw new Error(`a transaction ended before its statements: ${AWAIT_IS_MISSING}`);
  }

  /** All that was sent is answered, whatever the answers are. */
  async quiet(): Promise<void> {
    await Promise.all(this.#onTheWay);
  }

  /** @throws what the first statement failed with: the server has undone all of it by then, and would answer COMMIT as if it had not */
  check(): void {
    if (this.#failed) throw this.#failed.error;
  }

  /** It is over, however it ended. */
  drop(): void {
    this.#over = true;
  }

  #answer<R>(perform: () => Promise<R>): Answer<R> {
    this.#unawaited += 1;
    return {
      // biome-ignore lint/suspicious/noThenProperty: it is there to be awaited
      then: (fulfilled, rejected) => {
        this.#unawaited -= 1;
        this.#performed(perform).then(fulfilled, rejected);
      },
    };
  }

  async #performed<R>(perform: () => Promise<R>): Promise<R> {
    if (this.#over) throw new Error(`a transaction was used after its end: ${AWAIT_IS_MISSING}`);
    this.check();
    this.#underWay += 1;
    try {
      return await perform();
    } finally {
      this.#underWay -= 1;
    }
  }

  async #result(text: string, values: readonly Value[]): Promise<Result> {
    if (this.#opening === "followed") await this.#opened;
    this.check();
    if (this.#opening === "sent") this.#opening = "followed";
    const sent = this.#send(text, values.map(storable));
    void this.#note(sent);
    try {
      return await sent;
    } catch (error) {
      throw this.#failed?.error ?? error;
    }
  }

  /** @returns when it is answered, either way */
  #note(sent: Promise<unknown>): Promise<void> {
    const answered = sent
      .then(
        () => undefined,
        (error: unknown) => {
          this.#failed ??= { error };
        },
      )
      .finally(() => this.#onTheWay.delete(answered));
    this.#onTheWay.add(answered);
    return answered;
  }
}
