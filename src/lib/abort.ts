/** Resolves after `durationMs`. @throws the signal's reason as soon as it is aborted; the timer goes with it */
export function pauseMs(durationMs: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  if (signal.aborted) {
    reject(signal.reason);
    return promise;
  }
  const stop = () => reject(signal.reason);
  const timer = setTimeout(resolve, durationMs);
  signal.addEventListener("abort", stop, { once: true });
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  });
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

export interface Lingering {
  readonly signal: AbortSignal;
  /** The exchange is over. Safe to call twice. */
  end(): void;
}

/**
 * A signal that is aborted `afterMs` later than the given one, with its reason. For an exchange that starts work at a far
 * end: broken off at once, nobody would learn the name of the work, and it could not be stopped.
 */
export function linger(signal: AbortSignal, afterMs: number): Lingering {
  const late = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const start = () => {
    timer = setTimeout(() => late.abort(signal.reason), afterMs);
  };
  if (signal.aborted) start();
  else signal.addEventListener("abort", start, { once: true });
  return {
    signal: late.signal,
    end() {
      signal.removeEventListener("abort", start);
      clearTimeout(timer);
    },
  };
}
