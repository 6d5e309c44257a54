/** Resolves with the first truthy answer, asked again after every change. @throws Error after `timeoutMs` */
export function watchFor<T>(
  watchers: Set<() => void>,
  predicate: () => T | undefined | false,
  timeoutMs: number,
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const ask = () => {
    try {
      const answer = predicate();
      if (answer) resolve(answer);
    } catch (error) {
      reject(error);
    }
  };
  // The question may be about more than messages, so it is also asked without a change.
  const poll = setInterval(ask, 10);
  const limit = setTimeout(() => reject(new Error(`not within ${timeoutMs} ms: ${predicate.toString()}`)), timeoutMs);
  watchers.add(ask);
  ask();
  return promise.finally(() => {
    clearInterval(poll);
    clearTimeout(limit);
    watchers.delete(ask);
  });
}
