import type { Job } from "../domain/job.ts";
import { asError } from "../lib/error.ts";
import { createSemaphore } from "../lib/semaphore.ts";
import { type Backend, STOPPING } from "../ports/backend.ts";
import { CANCELLED, createRunner, type RunnerDeps } from "./runner.ts";

export interface Worker {
  start(): void;
  /** There may be a job to start. */
  kick(): void;
  /** Stops the work on a job that the store has already ended; harmless when it runs nowhere here. */
  abort(jobId: string): void;
  /** Gives running jobs back to the queue. Ends within a second. */
  stop(): Promise<void>;
  idle(): Promise<void>;
}

const LEASE_MS = 60_000;
const BEAT_EVERY_MS = 15_000;
const LOOK_EVERY_MS = 1000;

/** Takes jobs from each backend's lane, in the fair order of the store, and sees each to exactly one end. */
export function createWorker(
  deps: Omit<RunnerDeps, "slots"> & {
    /** A job ended and others moved up. */
    readonly ended: () => void;
  },
): Worker {
  const { store, router, nowMs, log, running } = deps;
  const runJob = createRunner({ ...deps, slots: createSemaphore() });
  const working = new Set<Promise<void>>();
  const busy = new Map<string, number>();
  let stopped = true;
  let timer: NodeJS.Timeout | undefined;
  const looking = new Map<string, boolean>();

  /** Fills the free slots of one lane. A second call while it looks makes it look once more. */
  async function look(backend: Backend): Promise<void> {
    if (stopped) return;
    if (looking.has(backend.name)) {
      looking.set(backend.name, true);
      return;
    }
    looking.set(backend.name, false);
    try {
      while (!stopped && (busy.get(backend.name) ?? 0) < backend.concurrency) {
        const job = await store.claim(backend.name, nowMs(), LEASE_MS);
        if (!job) {
          if (looking.get(backend.name) !== true) return;
          looking.set(backend.name, false);
          continue;
        }
        begin(backend.name, job);
      }
    } catch (error) {
      log.error("queue.unreadable", { lane: backend.name, error: asError(error) });
    } finally {
      looking.delete(backend.name);
    }
  }

  function begin(lane: string, job: Job): void {
    busy.set(lane, (busy.get(lane) ?? 0) + 1);
    const abort = running.begin(job.jobId);
    const beat = setInterval(() => void keepLease(job, abort), BEAT_EVERY_MS);
    const run = runJob(job, abort.signal).finally(() => {
      clearInterval(beat);
      running.end(job.jobId);
      busy.set(lane, (busy.get(lane) ?? 1) - 1);
      working.delete(run);
      deps.ended();
      kick();
    });
    working.add(run);
  }

  async function keepLease(job: Job, abort: AbortController): Promise<void> {
    try {
      if (!(await store.heartbeat(job.jobId, job.attempt, nowMs(), LEASE_MS))) abort.abort(CANCELLED);
    } catch (error) {
      log.warn("queue.beat_failed", { job: job.jobId, error: asError(error) });
    }
  }

  const kick = () => {
    for (const backend of router.backends) void look(backend);
  };

  return {
    start() {
      stopped = false;
      timer = setInterval(kick, LOOK_EVERY_MS);
      kick();
    },
    kick,
    abort: (jobId) => running.abort(jobId, CANCELLED),
    async stop() {
      stopped = true;
      clearInterval(timer);
      running.abortAll(STOPPING);
      await Promise.all(working);
    },
    async idle() {
      while (working.size > 0 || looking.size > 0) {
        await Promise.all(working);
        await new Promise(setImmediate);
      }
    },
  };
}
