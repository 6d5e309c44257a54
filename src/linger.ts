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
