import type { Clock } from "../lib/clock.ts";
import { asError } from "../lib/error.ts";
import type { Log } from "../ports/log.ts";
import type { Store } from "../ports/store.ts";

/** In all lanes together: members far down the queue need no news on every move. */
const NEWS_FOR_FIRST = 20;
const NEWS_EVERY_MS = 250;

/** Tells the members who wait that they moved up. */
export interface QueueNews {
  /** Read and rendered for every job that ends, the news of others took a third of the time of a busy queue. */
  soon(): void;
  stop(): void;
}

/** @param changed the message of this waiting job is no longer true */
export function createQueueNews(deps: {
  readonly store: Pick<Store, "nextJobs">;
  readonly lanes: readonly string[];
  readonly changed: (jobId: string) => void;
  /** Whether messages are this process's to change. */
  readonly leads: () => boolean;
  readonly clock: Clock;
  readonly log: Log;
}): QueueNews {
  let callOff: (() => void) | undefined;
  const ofEach = Math.ceil(NEWS_FOR_FIRST / deps.lanes.length);

  async function tell(): Promise<void> {
    try {
      for (const lane of deps.lanes)
        for (const { jobId } of await deps.store.nextJobs(lane, ofEach)) deps.changed(jobId);
    } catch (error) {
      deps.log.warn("queue.unreadable", { error: asError(error) });
    }
  }

  return {
    soon() {
      if (!deps.leads()) return;
      callOff ??= deps.clock.after(NEWS_EVERY_MS, () => {
        callOff = undefined;
        void tell();
      });
    },
    stop() {
      callOff?.();
      callOff = undefined;
    },
  };
}
