/** Flushes that end when a test says so, and how. */
export function heldSync() {
  const waiting: PromiseWithResolvers<void>[] = [];
  let begun = 0;
  let held = true;
  return {
    sync: (): Promise<void> => {
      begun += 1;
      if (!held) return Promise.resolve();
      const flush = Promise.withResolvers<void>();
      waiting.push(flush);
      return flush.promise;
    },
    get begun() {
      return begun;
    },
    /** Ends the oldest one, well or with this error. */
    end(error?: Error): void {
      const flush = waiting.shift();
      if (!flush) throw new Error("no flush is under way");
      if (error) flush.reject(error);
      else flush.resolve();
    },
    hold(): void {
      held = true;
    },
    /** From now on none is held back. */
    endAll(): void {
      held = false;
      for (const { resolve } of waiting.splice(0)) resolve();
    },
  };
}

/** What has been settled by now, microtasks and one round of the event loop later. */
export async function soFar<T>(promise: Promise<T>): Promise<"waits" | "resolved" | "rejected"> {
  let state: "waits" | "resolved" | "rejected" = "waits";
  promise.then(
    () => (state = "resolved"),
    () => (state = "rejected"),
  );
  for (let round = 0; round < 3; round += 1) await new Promise(setImmediate);
  return state;
}
