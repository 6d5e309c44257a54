import { BoundedMap } from "../lib/bounded-map.ts";
import { every } from "../lib/clock.ts";
import { isDiskFull } from "../lib/disk-full.ts";
import { asError } from "../lib/error.ts";
import { createYieldQueue } from "../lib/yield-queue.ts";
import { STOPPING } from "../ports/backend.ts";
import type { WorkSoFar } from "../ports/fleet.ts";
import { resampler } from "./enlarging/lane.ts";
import type { Crew } from "./fleet/crew.ts";
import { cancelledBy } from "./job-problems.ts";
import { createLanes } from "./lanes.ts";
import { LETTERING } from "./lettering/lane.ts";
import type { Room } from "./room.ts";
import { CANCELLED, createRunner, type RunnerDeps } from "./runner.ts";
import type { RunningAttempt, RunningJobs } from "./running.ts";

export interface Worker {
  start(): void;
  /** One more job may wait: in this lane, or in any. */
  kick(lane?: string): void;
  /** A slot may have come free, or a backend rest or work again. */
  woken(): void;
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

type WorkerDeps = Omit<RunnerDeps, "yields" | "slots" | "resampler"> & {
  readonly room: Room;
  readonly crew: Omit<Crew, "woken" | "changes">;
  /** What another process that makes it has used and finished. */
  readonly workElsewhere: (jobId: string) => Promise<WorkSoFar | undefined>;
  /** A job of this platform ended and others moved up; absent: all of them wait for room, or go on. */
  readonly ended: (platform?: string) => void;
};

/** Of a lease: a beat can be late, and another one get lost. */
const BEATS = 4;
const LOOK_EVERY_MS = 1000;
/** More cannot end between a claim and the word of it. */
const CANCELLED_MAX = 1000;

/** Takes jobs from each backend's lane, in the fair order of the store, and sees each to exactly one end. */
export function createWorker(deps: WorkerDeps): Worker {
  const { running, room, crew } = deps;
  const resampling = resampler(deps.resizer);
  const backends = [...deps.router.backends, LETTERING, resampling];
  const { slots } = crew;
  const run = createRunner({ ...deps, slots, resampler: resampling, yields: createYieldQueue() });
  /** Ended, some of them after their claim was written and before we heard of it: one flush can tell of both. */
  const cancelled = new BoundedMap<true>(CANCELLED_MAX);
  let stopped = true;
  let stopLooking = () => {};

  const lanes = createLanes({
    ...deps,
    backends,
    mayBegin: ({ name, concurrency }) => !stopped && !room.out && running.countIn(name) < concurrency,
    async readyAtMs() {
      const nowMs = deps.nowMs();
      return (await keepAll(nowMs, deps)) ? nowMs : undefined;
    },
    begin(job, lane, claimedAtMs) {
      if (cancelled.get(job.jobId)) slots.ended(job.jobId);
      else begin({ job, lane, leaseUntilMs: claimedAtMs + crew.leaseMs });
    },
    broken: () => stopLooking(),
  });

  function begin(claimed: Parameters<RunningJobs["run"]>[0]): void {
    const ended = running.run(claimed, async (attempt) => {
      const stopBeating = every(deps.clock, crew.leaseMs / BEATS, () => void keepLease(attempt, deps.nowMs(), deps));
      await run(attempt.job, attempt.signal);
      stopBeating();
      slots.ended(attempt.job.jobId);
    });
    void ended.then(() => {
      deps.ended(claimed.job.target.place.platform);
      lanes.expectMore(0);
    });
  }

  async function lookAround(): Promise<void> {
    if (room.out && (await room.look())) {
      if (!(await keepAll(deps.nowMs(), deps))) return;
      room.again();
      deps.ended();
    }
    // Leases run out, jobs are given back, another process may have taken one on.
    lanes.expectMore(Number.POSITIVE_INFINITY);
  }

  function stopWork(jobId: string): void {
    cancelled.set(jobId, true);
    running.abort(jobId, CANCELLED);
  }

  return {
    start() {
      stopped = false;
      void crew
        .join(backends, (jobId) => running.abort(jobId, STOPPING))
        .then(() => {
          if (stopped) return;
          stopLooking = every(deps.clock, LOOK_EVERY_MS, () => void lookAround());
          lanes.expectMore(0);
        });
    },
    kick: (lane) => lanes.expectMore(1, lane),
    woken: lanes.woken,
    look: () => lanes.expectMore(Number.POSITIVE_INFINITY),
    endedElsewhere(jobId) {
      cancelled.set(jobId, true);
      stopIfEnded(jobId, deps);
    },
    async cancel(jobId, byName) {
      const ended = await cancelStored(jobId, byName, deps);
      if (ended) stopWork(jobId);
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
      } while (running.size > 0 || lanes.busy);
      await crew.leave();
    },
    async idle() {
      while (running.size > 0 || lanes.busy) {
        await running.settled();
        await new Promise(setImmediate);
      }
    },
  };
}

/** With what was made of it so far, wherever that is. */
async function cancelStored(jobId: string, byName: string, deps: WorkerDeps): Promise<boolean> {
  const { running, store } = deps;
  const work = running.workSoFar(jobId) ?? (await deps.workElsewhere(jobId));
  const job = await store.job(jobId);
  const isDeferred = !work && job?.state === "deferred";
  const problem = cancelledBy(byName, isDeferred ? undefined : (work?.outcome.usedGpuMs ?? 0));
  const holdRules = work && job && (await deps.holdRulesOf(job));
  const given = work && { ...work, byName, ...(holdRules ? { holdRules } : {}) };
  return store.cancel(jobId, problem, deps.nowMs(), given);
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
  { store, log, room, crew }: Pick<WorkerDeps, "store" | "log" | "room" | "crew">,
): Promise<boolean> {
  const { job } = attempt;
  try {
    if (!(await store.heartbeat(job.jobId, job.attempt, nowMs, crew.leaseMs))) attempt.abort(CANCELLED);
    attempt.leaseUntilMs = nowMs + crew.leaseMs;
    return true;
  } catch (error) {
    log.warn("queue.beat_failed", { job: job.jobId, error: asError(error) });
    if (isDiskFull(error)) room.ranOut();
    return false;
  }
}
