import { untilAborted, within } from "../../lib/abort.ts";
import type { Clock } from "../../lib/clock.ts";

/** True when it came to an end, either way, within this time. */
export async function endsWithin(clock: Clock, work: Promise<unknown>, ms: number): Promise<boolean> {
  const ended = work.then(
    () => true,
    () => true,
  );
  return (await within(clock, ms, ended)) ?? false;
}

/**
 * Many who ask while one answer is under way get that one. When all of them are gone it is aborted: the next to ask does
 * not inherit a question that hangs.
 */
export function shared<T>(
  whole: AbortSignal,
  ask: (signal: AbortSignal) => Promise<T>,
): (signal: AbortSignal) => Promise<T> {
  interface Run {
    readonly work: Promise<T>;
    readonly unwanted: AbortController;
    waiting: number;
  }
  let underWay: Run | undefined;
  const over = (run: Run) => {
    if (underWay === run) underWay = undefined;
  };
  function begin(): Run {
    const unwanted = new AbortController();
    const run: Run = { work: ask(AbortSignal.any([whole, unwanted.signal])), unwanted, waiting: 0 };
    run.work.then(
      () => over(run),
      () => over(run),
    );
    return run;
  }
  return async (signal) => {
    signal.throwIfAborted();
    underWay ??= begin();
    const run = underWay;
    run.waiting += 1;
    try {
      return await untilAborted(run.work, signal);
    } finally {
      run.waiting -= 1;
      if (run.waiting === 0) {
        run.unwanted.abort();
        over(run);
      }
    }
  };
}

export type ConcurrencyLimit = <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>;

/** At most `slots` at once, first come first served; who has waited for `patienceMs` goes all the same. */
export function createConcurrencyLimit(clock: Clock, slots: number, patienceMs: number): ConcurrencyLimit {
  const waiting: (() => void)[] = [];
  let inside = 0;
  return async (work, signal) => {
    if (inside >= slots) {
      const admission = Promise.withResolvers<void>();
      const callOff = clock.after(patienceMs, admission.resolve);
      waiting.push(admission.resolve);
      try {
        await untilAborted(admission.promise, signal);
      } finally {
        callOff();
        const at = waiting.indexOf(admission.resolve);
        if (at >= 0) waiting.splice(at, 1);
      }
    }
    inside += 1;
    try {
      return await work();
    } finally {
      inside -= 1;
      if (inside < slots) waiting.shift()?.();
    }
  };
}
