import type { Clock } from "../../src/lib/clock.ts";
import { Outside, quiet } from "./quiet.ts";
import { type Due, Timers } from "./timers.ts";

/** A process. Once it is killed nothing that it waits for ever comes. */
export interface Life {
  readonly clock: Clock;
  readonly isOver: boolean;
  kill(): void;
  /** The same promise, but for whoever is dead when it settles. */
  only<T>(answer: Promise<T>): Promise<T>;
}

/** Time that passes only from one event to the next: an hour takes as long as what happens in it has to be worked out. */
export interface VirtualClock extends Clock {
  life(): Life;
  /** Lets time pass up to this moment. Between two moments all that can go on without waiting has gone on. */
  runTo(untilMs: number): Promise<void>;
  /** Without time passing, until all that can go on has. */
  settle(): Promise<void>;
  /** How many different moments there were. */
  readonly moments: number;
}

export function createVirtualClock(startMs: number, outside: Outside = new Outside()): VirtualClock {
  const timers = new Timers();
  let nowMs = startMs;
  let moments = 0;

  function clockOf(isAlive: () => boolean): Clock {
    const after = (durationMs: number, run: () => void): (() => void) => {
      const due: Due = timers.add(nowMs + Math.max(0, Math.ceil(durationMs)), () => {
        if (isAlive()) run();
      });
      return () => {
        due.off = true;
      };
    };
    return {
      nowMs: () => nowMs,
      steadyMs: () => nowMs - startMs,
      after,
      deadline(durationMs) {
        const late = new AbortController();
        after(durationMs, () =>
          late.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError")),
        );
        return late.signal;
      },
    };
  }

  const settle = () => quiet(outside);

  return {
    ...clockOf(() => true),
    life() {
      let isOver = false;
      return {
        clock: clockOf(() => !isOver),
        get isOver() {
          return isOver;
        },
        kill() {
          isOver = true;
        },
        only: (answer) =>
          new Promise((resolve, reject) => {
            answer.then(
              (value) => {
                if (!isOver) resolve(value);
              },
              (error: unknown) => {
                if (!isOver) reject(error);
              },
            );
          }),
      };
    },
    settle,
    async runTo(untilMs) {
      await settle();
      for (let next = timers.first(); next && next.atMs <= untilMs; next = timers.first()) {
        nowMs = Math.max(nowMs, next.atMs);
        moments += 1;
        while (timers.first()?.atMs === next.atMs) timers.take()?.run();
        await settle();
      }
      nowMs = Math.max(nowMs, untilMs);
    },
    get moments() {
      return moments;
    },
  };
}
