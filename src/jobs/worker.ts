import type { Job } from "../domain/job.ts";
import { every } from "../lib/clock.ts";
import { coalesce } from "../lib/coalesce.ts";
import { isDiskFull } from "../lib/disk-full.ts";
import { asError } from "../lib/error.ts";
import { isFlushFailed } from "../lib/flush-failed.ts";
import { createSemaphore } from "../lib/semaphore.ts";
import { createYieldQueue } from "../lib/yield-queue.ts";
import { type Backend, STOPPING } from "../ports/backend.ts";
import { cancelledBy } from "./job-problems.ts";
import type { Room } from "./room.ts";
import { CANCELLED, createRunner, type RunnerDeps } from "./runner.ts";

export interface Worker {
  start(): void;
  /** There may be a job to start. */
  kick(): void;
  /**
   * Ends a job that waits or runs, and the work on it: what it has used is charged, what is finished is given, the rest of the
   * allowance comes back. false: it had already ended.
   */
  cancel(jobId: string, byName: string): Promise<boolean>;
  /** Gives running jobs back to the queue. Ends within a second. */
  stop(): Promise<void>;
  idle(): Promise<void>;
}

type WorkerDeps = Omit<RunnerDeps, "slots" | "yields"> & {
  readonly room: Room;
  /** A job ended and others moved up, or all of them wait for room, or go on. */
  readonly ended: () => void;
};

const LEASE_MS = 60_000;
const BEAT_EVERY_MS = 15_000;
const LOOK_EVERY_MS = 1000;

/** Takes jobs from each backend's lane, in the fair order of the store, and sees each to exactly one end. */
export function createWorker(deps: WorkerDeps): Worker {
  const { store, running, room } = deps;
  const run = createRunner({ ...deps, slots: createSemaphore(), yields: createYieldQueue() });
  const working = new Set<Promise<void>>();
  const busy = new Map<string, number>();
  const leases = new Set<Lease>();
  const lanes = deps.router.backends.map((backend) =>
    coalesce(
      () => fill(backend),
      (error) => {
        if (unfilled(backend.name, error, deps)) stopLooking();
      },
    ),
  );
  let stopped = true;
  let stopLooking = () => {};

  /** Starts a job in every free slot of one lane. */
  async function fill(backend: Backend): Promise<void> {
    while (!stopped && !room.out && (busy.get(backend.name) ?? 0) < backend.concurrency) {
      const nowMs = deps.nowMs();
      if (!(await keepAll(leases, nowMs, deps))) return;
      const job = await store.claim(backend.name, nowMs, LEASE_MS);
      if (!job) return;
      begin(backend.name, job, nowMs + LEASE_MS);
    }
  }

  function begin(lane: string, job: Job, untilMs: number): void {
    busy.set(lane, (busy.get(lane) ?? 0) + 1);
    const abort = running.begin(job.jobId);
    const lease: Lease = { job, abort, untilMs };
    leases.add(lease);
    const stopBeating = every(deps.clock, BEAT_EVERY_MS, () => void keepLease(lease, deps.nowMs(), deps));
    const work = run(job, abort.signal).finally(() => {
      stopBeating();
      leases.delete(lease);
      running.end(job.jobId);
      busy.set(lane, (busy.get(lane) ?? 1) - 1);
      working.delete(work);
      deps.ended();
      kick();
    });
    working.add(work);
  }

  const kick = () => {
    for (const lane of lanes) lane.ask();
  };

  async function look(): Promise<void> {
    if (room.out && (await room.look())) {
      if (!(await keepAll(leases, deps.nowMs(), deps))) return;
      room.again();
      deps.ended();
    }
    kick();
  }

  return {
    start() {
      stopped = false;
      stopLooking = every(deps.clock, LOOK_EVERY_MS, () => void look());
      kick();
    },
    kick,
    async cancel(jobId, byName) {
      const work = running.workSoFar(jobId);
      const problem = cancelledBy(byName, work?.outcome.usedGpuMs ?? 0);
      const ended = await store.cancel(jobId, problem, deps.nowMs(), work && { ...work, byName });
      if (ended) running.abort(jobId, CANCELLED);
      return ended;
    },
    async stop() {
      stopped = true;
      stopLooking();
      // A job that is being claimed in this moment begins all the same, and has to be given back.
      do {
        running.abortAll(STOPPING);
        await Promise.all(working);
        await new Promise(setImmediate);
      } while (working.size > 0 || lanes.some((lane) => lane.running));
    },
    async idle() {
      while (working.size > 0 || lanes.some((lane) => lane.running)) {
        await Promise.all(working);
        await new Promise(setImmediate);
      }
    },
  };
}

/** Whether there is no sense in looking again: nothing can be claimed before a restart. */
function unfilled(
  lane: string,
  error: unknown,
  { log, room, ended }: Pick<WorkerDeps, "log" | "room" | "ended">,
): boolean {
  log.error("queue.unreadable", { lane, error: asError(error) });
  if (isFlushFailed(error)) return true;
  if (isDiskFull(error)) {
    room.ranOut();
    ended();
  }
  return false;
}

/** On a job that is being made here. */
interface Lease {
  readonly job: Job;
  readonly abort: AbortController;
  untilMs: number;
}

/**
 * What is being made here would be claimed and made a second time where its lease has run out: the clock was set ahead, the
 * machine slept, or there was no room to renew it. false: that could not be said.
 */
async function keepAll(
  leases: ReadonlySet<Lease>,
  nowMs: number,
  deps: Parameters<typeof keepLease>[2],
): Promise<boolean> {
  const over = [...leases].filter(({ untilMs }) => untilMs <= nowMs);
  return !(await Promise.all(over.map((lease) => keepLease(lease, nowMs, deps)))).includes(false);
}

/** false: it could not be said. */
async function keepLease(
  lease: Lease,
  nowMs: number,
  { store, log, room }: Pick<WorkerDeps, "store" | "log" | "room">,
): Promise<boolean> {
  const { job, abort } = lease;
  try {
    if (!(await store.heartbeat(job.jobId, job.attempt, nowMs, LEASE_MS))) abort.abort(CANCELLED);
    lease.untilMs = nowMs + LEASE_MS;
    return true;
  } catch (error) {
    log.warn("queue.beat_failed", { job: job.jobId, error: asError(error) });
    if (isDiskFull(error)) room.ranOut();
    return false;
  }
}
