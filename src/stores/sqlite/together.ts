import type { Database } from "./database.ts";

/**
 * A transaction that shares its commit with the others of the same round of the event loop: a crowd costs one commit, not one
 * each. What it resolves with is committed, and on disk once a flush has followed. Rejects with what `body` throws, with nothing of it changed; the others are
 * not touched by that.
 */
export type Together = <T>(body: () => T) => Promise<T>;

/** More at once would hold the event loop up. */
const TOGETHER_MAX = 16;

interface Waiting {
  /** Runs inside the common transaction; gives what settles its promise when that is committed. */
  readonly run: () => () => void;
  readonly reject: (error: unknown) => void;
}

/** @param writable resolves when there is nobody who keeps writers out; `undefined`: there is nobody */
export function createTogether(
  db: Database,
  writable: () => Promise<void> | undefined = () => undefined,
): {
  readonly together: Together;
  /** Writes everything that waits, now. */
  readonly flush: () => void;
} {
  let waiting: Waiting[] = [];

  /** Never throws. */
  function writeSome(): void {
    const batch = waiting.slice(0, TOGETHER_MAX);
    waiting = waiting.slice(TOGETHER_MAX);
    let settle: readonly (() => void)[];
    try {
      settle = db.tx(() => batch.map(({ run }) => run()));
    } catch (error) {
      // A full disk, a broken file: nothing of the batch is there.
      settle = batch.map(
        ({ reject }) =>
          () =>
            reject(error),
      );
    }
    for (const done of settle) done();
  }

  function writeRound(): void {
    const later = writable();
    if (later) return void later.then(writeRound);
    if (waiting.length > 0) writeSome();
    if (waiting.length > 0) setImmediate(writeRound);
  }

  return {
    flush() {
      while (waiting.length > 0) writeSome();
    },
    together: (body) =>
      new Promise((resolve, reject) => {
        const run = () => {
          try {
            const result = db.part(body);
            return () => resolve(result);
          } catch (error) {
            // The disk has already undone the others' parts as well: they must hear of it.
            if (!db.isOpenTransaction()) throw error;
            return () => reject(error);
          }
        };
        if (waiting.length === 0) setImmediate(writeRound);
        waiting.push({ run, reject });
      }),
  };
}
