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
  let last: Promise<void> = Promise.resolve();
  let waiting = 0;
  return {
    next() {
      waiting += 1;
      last = last.then(
        () =>
          new Promise((resolve) =>
            setImmediate(() => {
              waiting -= 1;
              resolve();
            }),
          ),
      );
      return last;
    },
    get waiting() {
      return waiting;
    },
  };
}
