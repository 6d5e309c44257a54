import type { Job } from "../domain/job.ts";
import { type Coalesced, coalesce } from "../lib/coalesce.ts";
import { isDiskFull } from "../lib/disk-full.ts";
import { asError } from "../lib/error.ts";
import { isFlushFailed } from "../lib/flush-failed.ts";
import type { Backend } from "../ports/backend.ts";
import type { Log } from "../ports/log.ts";
import type { Store } from "../ports/store.ts";
import type { Crew } from "./fleet/crew.ts";
import type { Room } from "./room.ts";
import type { Router } from "./router/router.ts";

/** The queues that this process takes jobs from. */
export interface Lanes {
  /** So many more may wait: in this lane, or in any. Infinity: nobody knows. */
  expectMore(more: number, where?: string): void;
  /** A slot may have come free, or a backend rest or work again. */
  woken(): void;
  /** A job is being claimed. */
  readonly busy: boolean;
}

interface Lane {
  readonly backend: Backend;
  readonly filling: Coalesced;
  /** At most so many jobs wait there: to ask the store in vain is a transaction. Infinity: nobody knows. */
  mayWait: number;
  /** Jobs wait there, and there was no slot, or only others have one that works. */
  heldUp: boolean;
}

interface LanesDeps {
  readonly backends: readonly Backend[];
  readonly store: Pick<Store, "claim" | "claimInSlot">;
  readonly crew: Pick<Crew, "slots" | "worksElsewhere" | "leaseMs">;
  readonly router: Pick<Router, "rests">;
  readonly room: Pick<Room, "ranOut">;
  readonly log: Log;
  /** One more of this lane may be begun now. */
  readonly mayBegin: (backend: Backend) => boolean;
  /** Resolves with the time to claim at; `undefined`: now nothing is to be claimed. */
  readonly readyAtMs: () => Promise<number | undefined>;
  readonly begin: (job: Job, lane: string, claimedAtMs: number) => void;
  /** All of them wait for room. */
  readonly ended: () => void;
  /** Nothing can be claimed before a restart. */
  readonly broken: () => void;
}

export function createLanes(deps: LanesDeps): Lanes {
  const { router, crew } = deps;
  const lanes = deps.backends.map((backend): Lane => {
    const lane: Lane = {
      backend,
      mayWait: Number.POSITIVE_INFINITY,
      heldUp: false,
      filling: coalesce(
        () => fill(lane),
        (error) => {
          if (unfilled(backend.name, error, deps)) deps.broken();
        },
      ),
    };
    return lane;
  });

  /** Starts a job in every free slot of one lane. */
  async function fill(lane: Lane): Promise<void> {
    const { backend } = lane;
    lane.heldUp = false;
    while (lane.mayWait > 0 && deps.mayBegin(backend)) {
      const nowMs = await deps.readyAtMs();
      if (nowMs === undefined) return;
      // Somebody whose own does work makes it sooner.
      lane.heldUp = router.rests(backend) && crew.worksElsewhere(backend);
      const job = lane.heldUp ? undefined : await claimed(lane, nowMs, deps);
      if (!job) return;
      deps.begin(job, backend.name, nowMs);
    }
  }

  return {
    expectMore(more, where) {
      for (const lane of lanes) {
        if (where !== undefined && lane.backend.name !== where) continue;
        lane.mayWait += more;
        lane.filling.ask();
      }
    },
    woken() {
      for (const lane of lanes) if (lane.heldUp) lane.filling.ask();
    },
    get busy() {
      return lanes.some(({ filling }) => filling.running);
    },
  };
}

/** Where none is left, none waited before it was asked: those that came meanwhile are counted still. */
async function claimed(
  lane: Lane,
  nowMs: number,
  { store, crew }: Pick<LanesDeps, "store" | "crew">,
): Promise<Job | undefined> {
  const before = lane.mayWait;
  lane.mayWait = 0;
  try {
    const { name } = lane.backend;
    const slot = crew.slots.forClaim(lane.backend);
    const job = slot
      ? await store.claimInSlot(name, slot, nowMs, crew.leaseMs)
      : await store.claim(name, nowMs, crew.leaseMs);
    lane.heldUp = job === "full";
    if (job === "full") lane.mayWait += before;
    if (job === undefined || job === "full") return undefined;
    lane.mayWait += before - 1;
    if (slot) crew.slots.kept(job.jobId, slot);
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
  { log, room, ended }: Pick<LanesDeps, "log" | "room" | "ended">,
): boolean {
  log.error("queue.unreadable", { lane, error: asError(error) });
  if (isFlushFailed(error)) return true;
  if (isDiskFull(error)) {
    room.ranOut();
    ended();
  }
  return false;
}
