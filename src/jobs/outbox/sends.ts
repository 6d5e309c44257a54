import { asError } from "../../lib/error.ts";
import type { Log } from "../../ports/log.ts";

/** What is being sent: one thing at a time for each job, so a late progress edit never overtakes the result. */
export interface Sends {
  /** Runs `work` after what is being sent for this job. Never rejects. */
  serially(jobId: string, work: () => Promise<void>): Promise<void>;
  isBusy(jobId: string): boolean;
  /** How many jobs have something being sent. */
  readonly size: number;
  /** What is being sent at the moment has ended. Never rejects. */
  settled(): Promise<unknown>;
}

export function createSends(log: Log): Sends {
  const sending = new Map<string, Promise<void>>();
  return {
    serially(jobId, work) {
      const before = sending.get(jobId) ?? Promise.resolve();
      const run = before
        .then(work)
        .catch((error: unknown) => log.error("outbox.broke", { job: jobId, error: asError(error) }));
      sending.set(jobId, run);
      void run.then(() => {
        if (sending.get(jobId) === run) sending.delete(jobId);
      });
      return run;
    },
    isBusy: (jobId) => sending.has(jobId),
    get size() {
      return sending.size;
    },
    settled: () => Promise.all(sending.values()),
  };
}
