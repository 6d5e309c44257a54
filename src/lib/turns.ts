/**
 * Whoever awaits one goes on in a turn of the event loop of its own, first come first served: work that many would do at the
 * same moment, a few milliseconds each, leaves room between for messages that wait.
 */
export interface Turns {
  take(): Promise<void>;
  /** How many wait for theirs. */
  readonly waiting: number;
}

export function createTurns(): Turns {
  let last: Promise<void> = Promise.resolve();
  let waiting = 0;
  return {
    take() {
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
