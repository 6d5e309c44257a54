import { asError } from "../../lib/error.ts";
import { createKeyedSerial } from "../../lib/serial.ts";
import type { Log } from "../../ports/log.ts";

/** What is being sent: one thing at a time for each job, so a late progress edit never overtakes the result. */
export interface Sends {
  /** Runs `work` after what is being sent for this job. Never rejects. */
  serially(jobId: string, work: () => Promise<void>): Promise<void>;
  /** How many jobs have something being sent. */
  readonly size: number;
  /** What is being sent at the moment has ended. Never rejects. */
  settled(): Promise<void>;
}

export function createSends(log: Log): Sends {
  const jobs = createKeyedSerial();
  return {
    serially: (jobId, work) =>
      jobs.run(jobId, work).catch((error: unknown) => log.error("outbox.broke", { job: jobId, error: asError(error) })),
    get size() {
      return jobs.size;
    },
    settled: () => jobs.settled(),
  };
}
