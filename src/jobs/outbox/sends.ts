import { asError } from "../../lib/error.ts";
import { createKeyedSerial } from "../../lib/serial.ts";
import type { Log } from "../../ports/log.ts";

/** What is being sent: one thing at a time for each job or decision, so a late progress edit never overtakes the result. */
export interface Sends {
  /** Runs `work` after what is being sent for this owner. Never rejects. */
  serially(ownerId: string, work: () => Promise<void>): Promise<void>;
  /** How many of them have something being sent. */
  readonly size: number;
  /** What is being sent at the moment has ended. Never rejects. */
  settled(): Promise<void>;
}

export function createSends(log: Log): Sends {
  const owners = createKeyedSerial();
  return {
    serially: (ownerId, work) =>
      owners
        .run(ownerId, work)
        .catch((error: unknown) => log.error("outbox.broke", { owner: ownerId, error: asError(error) })),
    get size() {
      return owners.size;
    },
    settled: () => owners.settled(),
  };
}
