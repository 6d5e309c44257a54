import type { Clock } from "./clock.ts";

/** Resolves after `durationMs`. @throws the signal's reason as soon as it is aborted; the timer goes with it */
export function pauseMs(clock: Pick<Clock, "after">, durationMs: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  if (signal.aborted) {
    reject(signal.reason);
    return promise;
  }
  const stop = () => reject(signal.reason);
  const callOff = clock.after(durationMs, resolve);
  signal.addEventListener("abort", stop, { once: true });
  return promise.finally(() => {
    callOff();
    signal.removeEventListener("abort", stop);
  });
}

/** Resolves when the signal is aborted: a limit to race against. */
export function aborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  else signal.addEventListener("abort", () => resolve(), { once: true });
  return promise;
}

/** What the work gives, unless the signal is aborted first; the work itself goes on. @throws the signal's reason */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  work.catch(() => undefined);
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** What the work gives, or `undefined` once the signal is aborted; the work itself goes on. Rejects as the work does until then. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  work.catch(() => undefined);
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const stop = () => resolve(undefined);
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** As `unlessAborted`, with a limit of time. */
export async function within<T>(
  clock: Pick<Clock, "after">,
  limitMs: number,
  work: Promise<T>,
): Promise<T | undefined> {
  const late = new AbortController();
  const callOff = clock.after(limitMs, () => late.abort());
  try {
    return await unlessAborted(work, late.signal);
  } finally {
    callOff();
  }
}

export interface DelayedAbort {
  readonly signal: AbortSignal;
  /** The exchange is over. Safe to call twice. */
  end(): void;
}

/**
 * As `clock.deadline`, for what comes often and is over long before: a deadline that nobody calls off takes memory until its
 * time, and then makes an exception.
 */
export function limitOf(clock: Pick<Clock, "after">, limitMs: number): DelayedAbort {
  const late = new AbortController();
  const end = clock.after(Math.max(0, limitMs), () =>
    late.abort(new DOMException(`not within ${limitMs} ms`, "TimeoutError")),
  );
  return { signal: late.signal, end };
}

/**
 * A signal that is aborted `afterMs` later than the given one, with its reason. For an exchange that starts work at a far
 * end: broken off at once, nobody would learn the name of the work, and it could not be stopped.
 */
export function delayedAbort(clock: Pick<Clock, "after">, signal: AbortSignal, afterMs: number): DelayedAbort {
  const late = new AbortController();
  let callOff = () => {};
  const start = () => {
    callOff = clock.after(afterMs, () => late.abort(signal.reason));
  };
  if (signal.aborted) start();
  else signal.addEventListener("abort", start, { once: true });
  return {
    signal: late.signal,
    end() {
      signal.removeEventListener("abort", start);
      callOff();
    },
  };
}
