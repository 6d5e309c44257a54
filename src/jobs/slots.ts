import { createSemaphore } from "../lib/semaphore.ts";
import type { BackendFacts } from "../ports/backend.ts";
import type { SlotWanted } from "../ports/fleet.ts";

export type Slotted = Pick<BackendFacts, "name" | "concurrency" | "at">;

/** Places at backends. A job has one at a time: who held one and waited for another could wait for ever. */
export interface Slots {
  /** What a job has to be claimed along with; `undefined`: it can be claimed by itself. */
  forClaim(backend: Slotted): SlotWanted | undefined;
  /** The job was claimed with it. */
  kept(jobId: string, slot: SlotWanted): void;
  /**
   * Waits for a place at a backend, first come, first served; what the job has elsewhere is given back before. Resolves with what
   * gives it back. @throws the signal's reason when it is aborted first
   */
  at(backend: Slotted, jobId: string, signal: AbortSignal): Promise<() => void>;
  /** The job has ended: what it was claimed with and never used is given back. */
  ended(jobId: string): void;
}

/** Where one process makes all pictures: memory only. */
export function slotsHere(): Slots {
  const semaphore = createSemaphore();
  return {
    forClaim: () => undefined,
    kept() {},
    at: ({ name, concurrency }, _jobId, signal) => semaphore.acquire(name, concurrency, signal),
    ended() {},
  };
}
