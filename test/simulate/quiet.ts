/** Answers from outside the program's own turns: a disk, a database. Time does not pass while one is waited for. */
export class Outside {
  #underWay = 0;
  #ended = Promise.withResolvers<void>();

  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#underWay += 1;
    try {
      return await work();
    } finally {
      this.#underWay -= 1;
      this.#ended.resolve();
      this.#ended = Promise.withResolvers();
    }
  }

  /** When the next of them has ended; `undefined`: there is none. */
  next(): Promise<void> | undefined {
    return this.#underWay > 0 ? this.#ended.promise : undefined;
  }
}

/** Work under way that nobody sees in a timer: rounds of the event loop, files, and what threads of libuv do. */
const UNDER_WAY = /Immediate|Req|Work/;

const isBusy = (): boolean => process.getActiveResourcesInfo().some((kind) => UNDER_WAY.test(kind));

/** Resolves when everything that can go on without time passing has gone on. */
export async function quiet(outside: Outside): Promise<void> {
  for (;;) {
    await new Promise(setImmediate);
    const answer = outside.next();
    if (answer) await answer;
    else if (!isBusy()) return;
  }
}
