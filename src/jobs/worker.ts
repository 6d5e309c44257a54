import type { Job } from "../domain/job.ts";
import { BoundedMap } from "../lib/bounded-map.ts";
import { every } from "../lib/clock.ts";
import { type Coalesced, coalesce } from "../lib/coalesce.ts";
import { isDiskFull } from "../lib/disk-full.ts";
import { asError } from "../lib/error.ts";
import { isFlushFailed } from "../lib/flush-failed.ts";
import { createYieldQueue } from "../lib/yield-queue.ts";
import { type Backend, STOPPING } from "../ports/backend.ts";
import { cancelledBy } from "./job-problems.ts";
import { LETTERING } from "./lettering/lane.ts";
import type { Room } from "./room.ts";
import { CANCELLED, createRunner, type RunnerDeps } from "./runner.ts";
import type { RunningAttempt, RunningJobs } from "./running.ts";

export interface Worker {
  start(): void;
  /** One more job may wait: in this lane, or in any. */
  kick(lane?: string): void;
  /** Any number of them may wait: another process has changed the queue. */
  look(): void;
  /** Another process may have ended this job: work on it stops where that is so. */
  endedElsewhere(jobId: string): void;
  /**
   * Ends a job that waits or runs, and the work on it: what it has used is charged, what is finished is given, the rest of the
   * allowance comes back. false: it had already ended.
   */
  cancel(jobId: string, byName: string): Promise<boolean>;
  /** Gives running jobs back to the queue. Ends within a second. */
  stop(): Promise<void>;
  idle(): Promise<void>;
}

type WorkerDeps = Omit<RunnerDeps, "yields"> & {
  readonly room: Room;
  /** A job ended and others moved up, or all of them wait for room, or go on. */
  readonly ended: () => void;
};

const LEASE_MS = 60_000;
const BEAT_EVERY_MS = 15_000;
const LOOK_EVERY_MS = 1000;
/** More cannot end between a claim and the word of it. */
const CANCELLED_MAX = 1000;

interface Lane {
  readonly backend: Backend;
  readonly filling: Coalesced;
  /** At most so many jobs wait there: to ask the store in vain is a transaction. Infinity: nobody knows. */
  mayWait: number;
}

/** Takes jobs from each backend's lane, in the fair order of the store, and sees each to exactly one end. */
export function createWorker(deps: WorkerDeps): Worker {
  const { store, running, room } = deps;
  const run = createRunner({ ...deps, yields: createYieldQueue() });
  const lanes = [...deps.router.backends, LETTERING].map((backend): Lane => {
    const lane: Lane = {
      backend,
      mayWait: Number.POSITIVE_INFINITY,
      filling: coalesce(
        () => fill(lane),
        (error) => {
          if (unfilled(backend.name, error, deps)) stopLooking();
        },
      ),
    };
    return lane;
  });
  /** Ended, some of them after their claim was written and before we heard of it: one flush can tell of both. */
  const cancelled = new BoundedMap<true>(CANCELLED_MAX);
  let stopped = true;
  let stopLooking = () => {};

  /** Starts a job in every free slot of one lane. */
  async function fill(lane: Lane): Promise<void> {
    const { name, concurrency } = lane.backend;
    while (!stopped && !room.out && lane.mayWait > 0 && running.countIn(name) < concurrency) {
      const nowMs = deps.nowMs();
      if (!(await keepAll(nowMs, deps))) return;
      const job = await claimed(lane, nowMs, deps);
      if (!job) return;
      if (cancelled.get(job.jobId)) continue;
      begin({ job, lane: name, leaseUntilMs: nowMs + LEASE_MS });
    }
  }

  function begin(claimed: Parameters<RunningJobs["run"]>[0]): void {
    const ended = running.run(claimed, async (attempt) => {
      const stopBeating = every(deps.clock, BEAT_EVERY_MS, () => void keepLease(attempt, deps.nowMs(), deps));
      await run(attempt.job, attempt.signal);
      stopBeating();
    });
    void ended.then(() => {
      deps.ended();
      expectMore(0);
    });
  }

  function expectMore(more: number, where?: string): void {
    for (const lane of lanes) {
      if (where !== undefined && lane.backend.name !== where) continue;
      lane.mayWait += more;
      lane.filling.ask();
    }
  }

  async function lookAround(): Promise<void> {
    if (room.out && (await room.look())) {
      if (!(await keepAll(deps.nowMs(), deps))) return;
      room.again();
      deps.ended();
    }
    // Leases run out, jobs are given back, another process may have taken one on.
    expectMore(Number.POSITIVE_INFINITY);
  }

  return {
    start() {
      stopped = false;
      stopLooking = every(deps.clock, LOOK_EVERY_MS, () => void lookAround());
      expectMore(0);
    },
    kick: (lane) => expectMore(1, lane),
    look: () => expectMore(Number.POSITIVE_INFINITY),
    endedElsewhere: (jobId) => stopIfEnded(jobId, deps),
    async cancel(jobId, byName) {
      const work = running.workSoFar(jobId);
      const isDeferred = !work && (await store.job(jobId))?.state === "deferred";
      const problem = cancelledBy(byName, isDeferred ? undefined : (work?.outcome.usedGpuMs ?? 0));
      const ended = await store.cancel(jobId, problem, deps.nowMs(), work && { ...work, byName });
      if (ended) {
        cancelled.set(jobId, true);
        running.abort(jobId, CANCELLED);
      }
      return ended;
    },
    async stop() {
      stopped = true;
      stopLooking();
      // A job that is being claimed in this moment begins all the same, and has to be given back.
      do {
        running.abortAll(STOPPING);
        await running.settled();
        await new Promise(setImmediate);
      } while (running.size > 0 || lanes.some(({ filling }) => filling.running));
    },
    async idle() {
      while (running.size > 0 || lanes.some(({ filling }) => filling.running)) {
        await running.settled();
        await new Promise(setImmediate);
      }
    },
  };
}

/** Where none is left, none waited before it was asked: those that came meanwhile are counted still. */
async function claimed(lane: Lane, nowMs: number, { store }: Pick<WorkerDeps, "store">): Promise<Job | undefined> {
  const before = lane.mayWait;
  lane.mayWait = 0;
  try {
    const job = await store.claim(lane.backend.name, nowMs, LEASE_MS);
    if (job) lane.mayWait += before - 1;
    return job;
  } catch (error) {
    lane.mayWait += before;
    throw error;
  }
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

/**
 * What is being made here would be claimed and made a second time where its lease has run out: the clock was set ahead, the
 * machine slept, or there was no room to renew it. false: that could not be said.
 */
async function keepAll(
  nowMs: number,
  deps: Parameters<typeof keepLease>[2] & Pick<WorkerDeps, "running">,
): Promise<boolean> {
  const over = deps.running.all().filter(({ leaseUntilMs }) => leaseUntilMs <= nowMs);
  return !(await Promise.all(over.map((attempt) => keepLease(attempt, nowMs, deps)))).includes(false);
}

/** Whoever asks for its lease is told. */
function stopIfEnded(jobId: string, deps: WorkerDeps): void {
  const here = deps.running.all().filter(({ job }) => job.jobId === jobId);
  for (const attempt of here) void keepLease(attempt, deps.nowMs(), deps);
}

/** false: it could not be said. */
async function keepLease(
  attempt: RunningAttempt,
  nowMs: number,
  { store, log, room }: Pick<WorkerDeps, "store" | "log" | "room">,
): Promise<boolean> {
  const { job } = attempt;
  try {
    if (!(await store.heartbeat(job.jobId, job.attempt, nowMs, LEASE_MS))) attempt.abort(CANCELLED);
    attempt.leaseUntilMs = nowMs + LEASE_MS;
    return true;
  } catch (error) {
    log.warn("queue.beat_failed", { job: job.jobId, error: asError(error) });
    if (isDiskFull(error)) room.ranOut();
    return false;
  }
}
