/** Where time is read and waited for. Handed in, so that a test can let an hour pass in a second. */
export interface Clock {
  /** Unix ms. */
  readonly nowMs: () => number;
  /** Ms since some moment: for durations, which must not change when the machine's clock is set. */
  readonly steadyMs: () => number;
  /** Runs once, so much later. What it returns calls it off, and may be called at any time. */
  readonly after: (durationMs: number, run: () => void) => () => void;
  /** A signal that is aborted so much later, with a TimeoutError. It keeps no process alive. */
  readonly deadline: (durationMs: number) => AbortSignal;
}

export const systemClock: Clock = {
  nowMs: Date.now,
  steadyMs: () => performance.now(),
  after(durationMs, run) {
    const timer = setTimeout(run, durationMs);
    return () => clearTimeout(timer);
  },
  // It takes nothing but whole numbers from 0 on.
  deadline: (durationMs) => AbortSignal.timeout(Math.max(0, Math.ceil(durationMs))),
};

/** A clock whose time of day may come from elsewhere later on: from a database, which several machines go by. */
export function changingClock(clock: Clock): {
  readonly clock: Clock;
  /** `undefined`: it stays as it is. */
  readonly goBy: (nowMs: (() => number) | undefined) => void;
} {
  let { nowMs } = clock;
  return {
    clock: { ...clock, nowMs: () => nowMs() },
    goBy(other) {
      nowMs = other ?? nowMs;
    },
  };
}

/** Again and again, until what it returns is called. */
export function every(clock: Pick<Clock, "after">, intervalMs: number, run: () => void): () => void {
  let callOff = () => {};
  const next = () => {
    callOff = clock.after(intervalMs, () => {
      next();
      run();
    });
  };
  next();
  return () => callOff();
}
