/** Places at one backend, first come first served: jobs that come from another lane wait here for theirs. */
export interface Slots {
  /** Resolves with what gives the place back. @throws the signal's reason when it is aborted while waiting */
  take(name: string, places: number, signal: AbortSignal): Promise<() => void>;
}

export function createSlots(): Slots {
  const taken = new Map<string, number>();
  const waiting = new Map<string, (() => void)[]>();

  function giveBack(name: string): void {
    const next = waiting.get(name)?.shift();
    // The place passes on directly; counted down only when nobody waits.
    if (next) next();
    else taken.set(name, (taken.get(name) ?? 1) - 1);
  }

  return {
    async take(name, places, signal) {
      signal.throwIfAborted();
      let given = false;
      const release = () => {
        if (given) return;
        given = true;
        giveBack(name);
      };
      const now = taken.get(name) ?? 0;
      if (now < places) {
        taken.set(name, now + 1);
        return release;
      }
      const queue = waiting.get(name) ?? [];
      waiting.set(name, queue);
      const turn = Promise.withResolvers<void>();
      queue.push(turn.resolve);
      const leave = () => {
        const at = queue.indexOf(turn.resolve);
        if (at < 0) return;
        queue.splice(at, 1);
        turn.reject(signal.reason);
      };
      signal.addEventListener("abort", leave, { once: true });
      try {
        await turn.promise;
      } finally {
        signal.removeEventListener("abort", leave);
      }
      return release;
    },
  };
}
