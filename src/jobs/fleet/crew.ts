import { randomUUID } from "node:crypto";
import { type Clock, every } from "../../lib/clock.ts";
import { asError } from "../../lib/error.ts";
import { createListeners, type Listeners } from "../../lib/listeners.ts";
import type { Backend } from "../../ports/backend.ts";
import type { Fleet, FleetNow, LaneAbility } from "../../ports/fleet.ts";
import type { Log } from "../../ports/log.ts";
import { type Circuits, createCircuits } from "../router/circuits.ts";
import { createSharedCircuits } from "../router/shared-circuits.ts";
import { type Slots, slotsHere } from "../slots.ts";
import { abilityOf, ableIn } from "./ability.ts";
import { deviceOf } from "./device.ts";
import { createPaced } from "./paced.ts";
import { createSharedSlots } from "./shared-slots.ts";

/** All who make pictures with this database, as this process sees them. */
export interface Crew {
  readonly slots: Slots;
  readonly circuits: Circuits;
  /** After which others take over the jobs of a worker that died. */
  readonly leaseMs: number;
  /** Other processes may make pictures, too. */
  readonly isShared: boolean;
  /** Somebody who is there takes jobs of this lane. */
  serves(lane: string): boolean;
  /** All lanes that somebody is known to serve. */
  served(): readonly string[];
  /** Jobs of this lane that are made side by side, in all processes: at least 1. One process alone counts as 1. */
  sideBySide(lane: string): number;
  /** What those that are there can do in this lane, beyond what this process knows. */
  able(lane: string): LaneAbility;
  /** Another device than this process's own makes pictures of this backend, and works. */
  worksElsewhere(backend: Backend): boolean;
  /** Other lanes are served than before. */
  readonly changes: Listeners;
  /** A slot may have come free, a backend rest or work again, a worker come or go: reads it anew. */
  woken(): void;
  /**
   * This process takes jobs of these lanes from now on; they may be claimed once it resolves.
   * @param lost a job's slot is another's now: this process was believed dead
   */
  join(lanes: readonly Backend[], lost: (jobId: string) => void): Promise<void>;
  /** Its slots are free, and it takes no jobs any more. Never rejects. */
  leave(): Promise<void>;
}

/** Where one process makes all pictures. */
export function crewOfOne({ clock, leaseMs, log }: Pick<CrewDeps, "clock" | "leaseMs" | "log">): Crew {
  return {
    slots: slotsHere(),
    circuits: createCircuits(() => clock.nowMs(), log),
    leaseMs,
    isShared: false,
    serves: () => true,
    served: () => [],
    sideBySide: () => 1,
    able: () => ({}),
    worksElsewhere: () => false,
    changes: createListeners(),
    woken() {},
    join: async () => {},
    leave: async () => {},
  };
}

/** A worker that says nothing for a third of the time after which its jobs are taken over is gone, and its slots are free. */
const PRESENT_PART = 3;
const BEATS = 4;
/** However many words come. */
const READ_EVERY_MS = 250;

interface CrewDeps {
  readonly store: Fleet;
  /** See `machineId`. */
  readonly machine: string;
  /** Pictures are made in this process. */
  readonly makes: boolean;
  readonly leaseMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

export function createCrew(deps: CrewDeps): Crew {
  const { store, machine, leaseMs, clock, log } = deps;
  const workerId = randomUUID();
  const presentMs = leaseMs / PRESENT_PART;
  const device = (backend: Pick<Backend, "name" | "at">) => deviceOf(backend, machine);
  const circuits = createSharedCircuits({ ...deps, deviceOf: device });
  const changes = createListeners();
  let tellLost: (jobId: string) => void = () => {};
  const slots = createSharedSlots({ ...deps, workerId, deviceOf: device, lost: (jobId) => tellLost(jobId) });
  let lanes: readonly Backend[] = [];
  let now: FleetNow | undefined;
  let stopBeating = () => {};
  let beating: Promise<void> = Promise.resolve();

  const reading = createPaced(
    async () => {
      const before = servedIn(now).join(" ");
      const isFirst = now === undefined;
      now = await store.fleet(clock.nowMs());
      circuits.heard(now);
      if (isFirst || servedIn(now).join(" ") !== before) changes.tell();
    },
    { everyMs: READ_EVERY_MS, clock, failed: (error) => log.warn("workers.unreadable", { error: asError(error) }) },
  );

  async function beat(): Promise<void> {
    const compare = slots.compare();
    const served = lanes.map((backend) => {
      const able = abilityOf(backend);
      return { lane: backend.name, device: device(backend), slots: backend.concurrency, ...(able ? { able } : {}) };
    });
    const nowMs = clock.nowMs();
    compare(await store.present({ workerId, lanes: served }, nowMs, nowMs + presentMs));
  }
  const unheard = (error: unknown) => log.warn("worker.unheard", { error: asError(error) });
  const beatNow = () => {
    beating = beat().catch(unheard);
    return beating;
  };

  return {
    slots,
    circuits,
    leaseMs,
    isShared: true,
    changes,
    // Before it is known who is there, nobody is told that nobody is.
    sideBySide: (lane) => slotsIn(now, lane),
    serves: (lane) => now === undefined || now.workers.some((worker) => worker.lanes.some((one) => one.lane === lane)),
    served: () => servedIn(now),
    able: (lane) => ableIn(now, lane),
    worksElsewhere: circuits.worksElsewhere,
    woken() {
      slots.woken();
      reading.ask();
    },
    async join(all, lost) {
      lanes = all;
      tellLost = lost;
      stopBeating = every(clock, presentMs / BEATS, () => void beatNow());
      await beatNow();
    },
    async leave() {
      stopBeating();
      reading.stop();
      // Its row would come back.
      await beating;
      if (lanes.length > 0) await store.leave(workerId).catch(unheard);
    },
  };
}

const servedIn = (now: FleetNow | undefined): readonly string[] =>
  [...new Set(now?.workers.flatMap(({ lanes }) => lanes.map(({ lane }) => lane)))].toSorted();

/** Of one device once, however many workers share it. */
function slotsIn(now: FleetNow | undefined, lane: string): number {
  const devices = new Map<string, number>();
  for (const { lanes } of now?.workers ?? [])
    for (const one of lanes) if (one.lane === lane) devices.set(one.device, one.slots);
  return Math.max(
    1,
    [...devices.values()].reduce((sum, slots) => sum + slots, 0),
  );
}
