import type { Clock } from "../../lib/clock.ts";
import { asError } from "../../lib/error.ts";
import type { Backend } from "../../ports/backend.ts";
import type { Fleet, FleetNow } from "../../ports/fleet.ts";
import type { Log } from "../../ports/log.ts";
import { type Circuit, CLOSED, probing, stateOf } from "./circuit-breaker.ts";
import { type Circuits, logChange, openRest } from "./circuits.ts";
import { readCircuit, storedCircuit } from "./stored-circuit.ts";

type Change = (before: Circuit) => Circuit;

/** What is known of one device: what is written of it, and what of ours is not written yet. */
interface Known {
  written: string | undefined;
  circuit: Circuit;
  pending: Change[];
  writing: Promise<void> | undefined;
}

export interface SharedCircuits extends Circuits {
  /** What is written now, as it was read. */
  heard(now: FleetNow): void;
  /** Another device than this process's own makes pictures of this backend, and works, as far as is known. */
  worksElsewhere(backend: Backend): boolean;
}

/**
 * Circuits that all processes share, by device: known from memory at each decision, and written along, each change on top of what
 * others have written meanwhile.
 */
export function createSharedCircuits(deps: {
  readonly store: Pick<Fleet, "changeCircuit">;
  readonly deviceOf: (backend: Backend) => string;
  /** Pictures are made in this process. */
  readonly makes: boolean;
  readonly clock: Pick<Clock, "nowMs">;
  readonly log: Log;
}): SharedCircuits {
  const { store, deviceOf, log } = deps;
  const nowMs = () => deps.clock.nowMs();
  const known = new Map<string, Known>();
  let devices: ReadonlyMap<string, ReadonlySet<string>> = new Map();

  const at = (device: string): Known => {
    const found = known.get(device) ?? { written: undefined, circuit: CLOSED, pending: [], writing: undefined };
    known.set(device, found);
    return found;
  };
  const restAt = (device: string) => openRest(known.get(device)?.circuit ?? CLOSED, nowMs());

  function learnt(one: Known, written: string | undefined): void {
    one.written = written;
    one.circuit = one.pending.reduce((circuit, change) => change(circuit), readCircuit(written));
  }

  /** Until all of ours is written. What cannot be written stays known here. */
  async function write(device: string, one: Known): Promise<void> {
    try {
      while (one.pending.length > 0) {
        const { length } = one.pending;
        const next = storedCircuit(one.circuit);
        const { changed, now } =
          next === one.written
            ? { changed: true, now: next }
            : await store.changeCircuit(device, one.written, next, nowMs());
        if (changed) one.pending.splice(0, length);
        learnt(one, now);
      }
    } catch (error) {
      one.pending = [];
      log.warn("backend.state_unwritten", { error: asError(error) });
    } finally {
      one.writing = undefined;
    }
  }

  function change(backend: Backend, next: Change): void {
    const device = deviceOf(backend);
    const one = at(device);
    const before = one.circuit;
    one.circuit = next(before);
    one.pending.push(next);
    logChange({ log, nowMs: nowMs() }, backend, before, one.circuit);
    one.writing ??= write(device, one);
  }

  const devicesOf = (lane: string): readonly string[] => [...(devices.get(lane) ?? [])];

  return {
    of: (backend) => at(deviceOf(backend)).circuit,
    restOf: (backend) => restAt(deviceOf(backend)),
    restEverywhere(backend) {
      const all = new Set(devicesOf(backend.name));
      if (deps.makes) all.add(deviceOf(backend));
      const rests = [...all].map(restAt);
      const open = rests.filter((rest) => rest !== undefined);
      if (open.length < rests.length) return undefined;
      return open.toSorted((one, other) => one.untilMs - other.untilMs)[0];
    },
    worksElsewhere(backend) {
      const own = deviceOf(backend);
      return devicesOf(backend.name).some((device) => device !== own && restAt(device) === undefined);
    },
    change,
    async probe(backend, forMs) {
      const device = deviceOf(backend);
      const one = at(device);
      await one.writing;
      if (stateOf(one.circuit, nowMs()) !== "probe") return "none";
      const before = one.circuit;
      const taken = probing(before, nowMs(), forMs);
      const { changed, now } = await store.changeCircuit(device, one.written, storedCircuit(taken), nowMs());
      learnt(one, now);
      if (changed) logChange({ log, nowMs: nowMs() }, backend, before, taken);
      if (changed) return "ours";
      return stateOf(one.circuit, nowMs()) === "closed" ? "none" : "theirs";
    },
    heard({ workers, circuits }) {
      const lanes = new Map<string, Set<string>>();
      for (const { lane, device } of workers.flatMap((worker) => worker.lanes))
        lanes.set(lane, (lanes.get(lane) ?? new Set()).add(device));
      devices = lanes;
      for (const device of new Set([...known.keys(), ...circuits.keys()])) {
        const one = at(device);
        // What is being written now is told by its own answer.
        if (!one.writing) learnt(one, circuits.get(device));
        if (one.circuit === CLOSED && !one.writing) known.delete(device);
      }
    },
  };
}
