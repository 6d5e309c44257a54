import { createSerial } from "./serial.ts";

/**
 * Whoever awaits it goes on in a round of the event loop of its own, first come first served: work that many
 * would do at the same moment, a few milliseconds each, leaves room between for messages that wait.
 */
export interface YieldQueue {
  /** Resolves in a round of the event loop that nobody else in the queue has. */
  next(): Promise<void>;
  /** How many wait for their round. */
  readonly waiting: number;
}

export function createYieldQueue(): YieldQueue {
  const rounds = createSerial();
  let waiting = 0;
  return {
    next() {
      waiting += 1;
      return rounds.run(
        () =>
          new Promise((resolve) =>
            setImmediate(() => {
              waiting -= 1;
              resolve();
            }),
          ),
      );
    },
    get waiting() {
      return waiting;
    },
  };
}
