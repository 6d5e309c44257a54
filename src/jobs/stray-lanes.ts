import { type Clock, every } from "../lib/clock.ts";
import { asError } from "../lib/error.ts";
import { createSerial } from "../lib/serial.ts";
import type { Log } from "../ports/log.ts";
import type { Store } from "../ports/store.ts";
import type { Crew } from "./fleet/crew.ts";
import { OWN_LANES } from "./own-lanes.ts";

/** A worker's machine may be started anew, or its Placard brought up to date. */
const UNSERVED_MS = 600_000;
const LOOK_EVERY_MS = 60_000;

export interface StrayLanes {
  /** Also after `stop`. */
  start(): void;
  stop(): Promise<void>;
}

/**
 * Where several processes have one database, orders of a backend that was taken away would wait for ever: those who start take
 * nothing up, for it may be another's. The one that leads moves them to what it knows, once nobody has served them for so long.
 */
export function createStrayLanes(deps: {
  readonly store: Pick<Store, "loads" | "moveLanes">;
  readonly crew: Pick<Crew, "serves" | "served">;
  /** Those that this process knows, best first. What waits in them may wait for their workers as long as it takes. */
  readonly lanes: readonly string[];
  /** Orders wait in other lanes than before. */
  readonly moved: () => void;
  readonly clock: Clock;
  readonly log: Log;
}): StrayLanes {
  const { store, crew, lanes, clock, log } = deps;
  const turns = createSerial();
  /** Since when nobody is seen to serve each lane in which something waits, by the clock that only passes. */
  let unserved: ReadonlyMap<string, number> = new Map();
  let callOff = () => {};

  async function look(): Promise<void> {
    const before = unserved;
    const nowMs = clock.steadyMs();
    const waiting = [...(await store.loads()).keys()];
    const lost = waiting.filter((lane) => !lanes.includes(lane) && !crew.serves(lane));
    unserved = new Map(lost.map((lane) => [lane, before.get(lane) ?? nowMs]));
    const strays = lost.filter((lane) => nowMs - (unserved.get(lane) ?? nowMs) >= UNSERVED_MS);
    // Where nobody serves what is known here either, they wait as well where they are. What every worker has makes no new pictures.
    const lane = lanes.find((one) => OWN_LANES.every(({ name }) => name !== one) && crew.serves(one));
    if (strays.length === 0 || lane === undefined) return;
    const kept = new Set([...lanes, ...waiting, ...crew.served()]).difference(new Set(strays));
    const moved = await store.moveLanes([...kept], lane);
    if (moved === 0) return;
    log.warn("jobs.moved", { from: strays.join(" "), to: lane, moved });
    deps.moved();
  }

  return {
    start() {
      unserved = new Map();
      callOff = every(clock, LOOK_EVERY_MS, () => {
        turns.run(look).catch((error: unknown) => log.warn("jobs.not_moved", { error: asError(error) }));
      });
    },
    async stop() {
      callOff();
      await turns.settled();
    },
  };
}
