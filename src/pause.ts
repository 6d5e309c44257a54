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
