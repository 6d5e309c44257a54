/**
 * Runs `work` and passes on what it tells, as it tells it; then ends as `work` does. Left before the end, it aborts the
 * signal that `work` was given.
 */
export async function* eventStream<E>(
  signal: AbortSignal,
  work: (tell: (event: E) => void, signal: AbortSignal) => Promise<void>,
): AsyncGenerator<E, void> {
  const left = new AbortController();
  const told: E[] = [];
  let wake = () => {};
  let ended = false;
  const done = work(
    (event) => {
      told.push(event);
      wake();
    },
    AbortSignal.any([signal, left.signal]),
  ).finally(() => {
    ended = true;
    wake();
  });
  // Awaited below in every case but one: when nobody listens any more.
  done.catch(() => undefined);
  try {
    while (!ended || told.length > 0) {
      const event = told.shift();
      if (event !== undefined) yield event;
      else {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        await promise;
      }
    }
    await done;
  } finally {
    left.abort();
  }
}
