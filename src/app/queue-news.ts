import type { Clock } from "../lib/clock.ts";
import { asError } from "../lib/error.ts";
import type { Log } from "../ports/log.ts";
import type { Store } from "../ports/store.ts";

/** Members far down the queue need no news on every move. */
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
  readonly store: Pick<Store, "openJobs">;
  readonly changed: (jobId: string) => void;
  /** Whether messages are this process's to change. */
  readonly leads: () => boolean;
  readonly clock: Clock;
  readonly log: Log;
}): QueueNews {
  let callOff: (() => void) | undefined;

  async function tell(): Promise<void> {
    try {
      for (const job of await deps.store.openJobs({}, NEWS_FOR_FIRST))
        if (job.state === "queued") deps.changed(job.jobId);
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
