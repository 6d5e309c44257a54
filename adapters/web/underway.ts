import type { Log } from "../../src/ports/log.ts";

/** What was begun for members and has not ended. */
export class Underway {
  readonly #all = new Set<Promise<void>>();
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Never rejects: what fails is logged. */
  track(work: Promise<void>): Promise<void> {
    const done = work
      .catch((cause: unknown) =>
        this.#log.error("web.event_failed", { cause: cause instanceof Error ? cause : String(cause) }),
      )
      .finally(() => this.#all.delete(done));
    this.#all.add(done);
    return done;
  }

  async settled(): Promise<void> {
    await Promise.all(this.#all);
  }
}
