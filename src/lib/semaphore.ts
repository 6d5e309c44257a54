/** A counting semaphore for each name: so many at once, the others first come first served. */
export interface Semaphore {
  /** Resolves with what gives the slot back; calling that twice gives one back. @throws the signal's reason when it is aborted while waiting */
  acquire(name: string, slots: number, signal: AbortSignal): Promise<() => void>;
}

export function createSemaphore(): Semaphore {
  const taken = new Map<string, number>();
  const waiting = new Map<string, (() => void)[]>();

  function giveBack(name: string): void {
    const next = waiting.get(name)?.shift();
    // The slot passes on directly; counted down only when nobody waits.
    if (next) next();
    else taken.set(name, (taken.get(name) ?? 1) - 1);
  }

  async function passedOn(name: string, signal: AbortSignal): Promise<void> {
    const queue = waiting.get(name) ?? [];
    waiting.set(name, queue);
    const slot = Promise.withResolvers<void>();
    queue.push(slot.resolve);
    const leave = () => {
      const at = queue.indexOf(slot.resolve);
      if (at < 0) return;
      queue.splice(at, 1);
      slot.reject(signal.reason);
    };
    signal.addEventListener("abort", leave, { once: true });
    try {
      await slot.promise;
    } finally {
      signal.removeEventListener("abort", leave);
    }
  }

  return {
    async acquire(name, slots, signal) {
      signal.throwIfAborted();
      let given = false;
      const release = () => {
        if (given) return;
        given = true;
        giveBack(name);
      };
      const now = taken.get(name) ?? 0;
      if (now < slots) taken.set(name, now + 1);
      else await passedOn(name, signal);
      return release;
    },
  };
}
