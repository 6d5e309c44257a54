import { randomUUID } from "node:crypto";
import { pauseMs } from "../../lib/abort.ts";
import type { Clock } from "../../lib/clock.ts";
import { asError } from "../../lib/error.ts";
import { createListeners } from "../../lib/listeners.ts";
import type { Fleet, SlotWanted } from "../../ports/fleet.ts";
import type { Log } from "../../ports/log.ts";
import type { Slots, Slotted } from "../slots.ts";

export interface SharedSlots extends Slots {
  /** One may have come free. */
  woken(): void;
  /** A list of what we had when it was asked for begins here. Resolved with the list, it is known what was lost since. */
  compare(): (there: ReadonlySet<string>) => void;
}

/** A word can get lost, and a worker that dies says none. */
const ASK_AGAIN_MS = 1000;

/** Places that all workers share: rows, which end with the worker that has them. */
export function createSharedSlots(deps: {
  readonly store: Pick<Fleet, "takeSlot" | "giveSlot">;
  readonly workerId: string;
  readonly deviceOf: (backend: Slotted) => string;
  /** Others have taken the slot, because this worker was believed dead: its job must stop. */
  readonly lost: (jobId: string) => void;
  readonly clock: Clock;
  readonly log: Log;
}): SharedSlots {
  const { store, workerId, clock, log } = deps;
  /** Claimed along with a job that has not come to its backend yet. */
  const reserved = new Map<string, SlotWanted>();
  const held = new Map<string, { readonly jobId: string }>();
  const given = createListeners();
  let words = 0;

  const wanted = (backend: Slotted): SlotWanted => ({
    slotId: randomUUID(),
    device: deps.deviceOf(backend),
    slots: backend.concurrency,
    workerId,
  });
  function give(slotId: string): void {
    held.delete(slotId);
    // Not waited for: whoever is next is told by the row itself. One that cannot be written ends with this worker.
    store.giveSlot(slotId).catch((error: unknown) => log.warn("backend.slot_kept", { error: asError(error) }));
  }
  const take = (slot: SlotWanted, jobId: string) => {
    held.set(slot.slotId, { jobId });
    return () => {
      if (held.has(slot.slotId)) give(slot.slotId);
    };
  };

  /** The next word after those that were known when it was asked, or a while. */
  async function wordAfter(known: number, signal: AbortSignal): Promise<void> {
    if (words !== known) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const stop = given.add(resolve);
    const over = new AbortController();
    try {
      await Promise.race([promise, pauseMs(clock, ASK_AGAIN_MS, AbortSignal.any([signal, over.signal]))]);
    } finally {
      stop();
      over.abort();
    }
  }

  return {
    forClaim: wanted,
    kept(jobId, slot) {
      reserved.set(jobId, slot);
      held.set(slot.slotId, { jobId });
    },
    async at(backend, jobId, signal) {
      signal.throwIfAborted();
      const own = reserved.get(jobId);
      reserved.delete(jobId);
      if (own?.device === deps.deviceOf(backend)) return take(own, jobId);
      if (own) give(own.slotId);
      const slot = wanted(backend);
      try {
        for (let known = words; !(await store.takeSlot(slot, clock.nowMs())); known = words)
          await wordAfter(known, signal);
        signal.throwIfAborted();
      } catch (error) {
        give(slot.slotId);
        throw error;
      }
      return take(slot, jobId);
    },
    ended(jobId) {
      const own = reserved.get(jobId);
      if (!own) return;
      reserved.delete(jobId);
      give(own.slotId);
    },
    woken() {
      words += 1;
      given.tell();
    },
    compare() {
      const before = [...held];
      return (there) => {
        for (const [slotId, { jobId }] of before) {
          if (there.has(slotId) || held.get(slotId)?.jobId !== jobId) continue;
          held.delete(slotId);
          reserved.delete(jobId);
          log.warn("backend.slot_lost", { job: jobId });
          deps.lost(jobId);
        }
      };
    },
  };
}
