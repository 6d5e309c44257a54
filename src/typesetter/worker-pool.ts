import { openWorkerPool, type WorkerLimits, type WorkerPool } from "../lib/worker-pool.ts";
import type { WorkerAnswer, WorkerOrder } from "./worker-messages.ts";

export type Typesetter = WorkerPool<WorkerOrder, WorkerAnswer>;

/** Twice and more of what the largest poster took. To start again takes a third of a second, to stay 50 to 80 MB. */
const LIMITS: WorkerLimits = {
  heapMaxMb: 160,
  workMaxMs: 20_000,
  keptMaxBytes: 96 * 1024 * 1024,
  idleMaxMs: 5 * 60_000,
};

/**
 * Threads that draw posters. Nothing is read and no thread started before the first order.
 *
 * @param name of the threads, for those who look at the process
 * @param concurrency how many posters are drawn at once, at least 1
 */
export const openTypesetter = (name: string, concurrency: number, limits: Partial<WorkerLimits> = {}): Typesetter =>
  openWorkerPool<WorkerOrder, WorkerAnswer>(name, concurrency, new URL("./worker.ts", import.meta.url), {
    ...LIMITS,
    ...limits,
  });
