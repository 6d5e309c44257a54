/** Exchanges with a far end that are broken off together, once and for good. */
export interface InFlight {
  /** A signal of its own for each: what takes its listener off no signal would add up on one that lasts. @throws the reason of `end` after it */
  run<T>(given: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T>;
  end(reason: Error): void;
}

export function createInFlight(): InFlight {
  const controls = new Set<AbortController>();
  let over: Error | undefined;
  return {
    async run(given, work) {
      if (over) throw over;
      const control = new AbortController();
      const stop = () => control.abort(given?.reason);
      given?.addEventListener("abort", stop, { once: true });
      if (given?.aborted) stop();
      controls.add(control);
      try {
        return await work(control.signal);
      } finally {
        controls.delete(control);
        given?.removeEventListener("abort", stop);
      }
    },
    end(reason) {
      over ??= reason;
      for (const control of controls) control.abort(over);
    },
  };
}
