import { tinyPng } from "../../src/backends/fake/png.ts";
import { verbatim } from "../../src/domain/text.ts";
import { pauseMs, untilAborted } from "../../src/lib/abort.ts";
import type { Clock } from "../../src/lib/clock.ts";
import {
  type Backend,
  BackendError,
  type BackendEvent,
  type GenerateInput,
  isStopping,
} from "../../src/ports/backend.ts";
import { sentence } from "../../src/ports/backend-sentence.ts";
import { seededChance } from "../fakes/chance.ts";
import type { Model, Rack } from "./model.ts";
import type { Life } from "./virtual-clock.ts";

/** What a far end did, by its own count: the till is compared with it. */
interface Meter {
  /** GPU time of whole pictures, and of those that broke off or that nobody wanted any more. */
  readonly usedMs: number;
  readonly wastedMs: number;
  readonly pictures: number;
  readonly broken: number;
  /** Asked for while the rack was away. */
  readonly unreachable: number;
}

/** The machines of one rack. They outlive every process of Placard, and what they make can be picked up by its key. */
export interface FarEnd {
  readonly rack: Rack;
  readonly meter: Meter;
  /** Within these seconds, GPU ms that were worked; by second from the start. */
  readonly busy: ReadonlyMap<number, number>;
  setAway(away: boolean): void;
  /** How a process of Placard reaches it. */
  backend(life: Life): Backend;
}

interface Making {
  readonly done: Promise<"ok" | "broke">;
  readonly usedMs: number;
  stop(): void;
}

const UNREACHABLE_AFTER_MS = 1000;
const SIDE_PX = 256;
/** Packing a picture of its own for each seed would take longer than all that Placard does with it. */
const PICTURES = Array.from({ length: 64 }, (_, at) => tinyPng(SIDE_PX, SIDE_PX, String(at)));
const pictureOf = (seed: number): Uint8Array => PICTURES[seed % PICTURES.length] ?? new Uint8Array();

/** @param clock time itself, which no process's end stops */
export function farEndOf(rack: Rack, { gpuFaults, seed }: Model, clock: Clock, from: number): FarEnd {
  const chance = seededChance(seed + 100 + from);
  const free = rack.pictureMs.map((ms, at) => ({ ms, at })).toSorted((a, b) => a.ms - b.ms);
  const waiting: (() => void)[] = [];
  const making = new Map<string, Making>();
  const busy = new Map<number, number>();
  const meter = { usedMs: 0, wastedMs: 0, pictures: 0, broken: 0, unreachable: 0 };
  const startMs = clock.nowMs();
  let away = false;
  let keys = 0;

  function worked(fromMs: number, toMs: number): void {
    for (let second = Math.floor((fromMs - startMs) / 1000); startMs + second * 1000 < toMs; second += 1) {
      const ms = Math.min(toMs, startMs + (second + 1) * 1000) - Math.max(fromMs, startMs + second * 1000);
      busy.set(second, (busy.get(second) ?? 0) + ms);
    }
  }

  /** Whoever waits at the rack comes first; a free GPU is the fastest one. */
  function begin(key: string): Making {
    const ended = Promise.withResolvers<"ok" | "broke">();
    const gpu = free.shift();
    if (!gpu) throw new Error(`${rack.name} was asked for more pictures at once than it has GPUs`);
    const breaks = chance() < gpuFaults.single;
    const lastsMs = Math.max(1, Math.round(breaks ? gpu.ms * chance() : gpu.ms * (0.9 + 0.2 * chance())));
    const sinceMs = clock.nowMs();
    let over = false;
    const end = (how: "ok" | "broke") => {
      if (over) return;
      over = true;
      callOff();
      const usedMs = clock.nowMs() - sinceMs;
      worked(sinceMs, clock.nowMs());
      if (how === "ok") meter.usedMs += usedMs;
      else meter.wastedMs += usedMs;
      if (how === "ok") meter.pictures += 1;
      else meter.broken += 1;
      free.push(gpu);
      free.sort((a, b) => a.ms - b.ms);
      for (const look of waiting.splice(0)) look();
      ended.resolve(how);
    };
    const callOff = clock.after(lastsMs, () => end(breaks ? "broke" : "ok"));
    const made: Making = { done: ended.promise, usedMs: lastsMs, stop: () => end("broke") };
    making.set(key, made);
    return made;
  }

  async function* generate(
    { signal, attachKey, request }: GenerateInput,
    life: Life,
  ): AsyncGenerator<BackendEvent, void, undefined> {
    signal.throwIfAborted();
    if (away) {
      meter.unreachable += 1;
      await pauseMs(life.clock, UNREACHABLE_AFTER_MS, signal);
      throw new BackendError(rack.name, "offline", "the rack is away");
    }
    const known = attachKey === undefined ? undefined : making.get(attachKey);
    while (!known && free.length === 0)
      await untilAborted(life.only(new Promise<void>((resolve) => waiting.push(resolve))), signal);
    keys += 1;
    const key = known && attachKey !== undefined ? attachKey : `${rack.name}-${keys}`;
    const work = known ?? begin(key);
    yield { type: "attached", key };
    yield { type: "progress", fraction: 0 };
    const how = await untilAborted(life.only(work.done), signal).catch((reason: unknown) => {
      if (!isStopping(signal)) work.stop();
      throw reason;
    });
    // Until somebody heard of it: a process that died asks for it again by its key.
    making.delete(key);
    if (how === "broke") throw new BackendError(rack.name, away ? "offline" : "bad_response", "it broke off");
    yield {
      type: "image",
      bytes: pictureOf(request.seed),
      seed: request.seed,
      model: "simulated 1",
      usedMs: work.usedMs,
      notes: [],
    };
  }

  return {
    rack,
    meter,
    busy,
    setAway(now) {
      away = now;
      if (away) for (const each of [...making.values()]) each.stop();
    },
    backend: (life) => ({
      name: rack.name,
      title: verbatim(rack.name),
      where: "local",
      // What looks at a model's pixels does so beside the main thread; here it would only take the simulation's time.
      drawnBy: "program",
      concurrency: rack.pictureMs.length,
      timeoutMs: 120_000,
      cancelWithinMs: 1000,
      costWeight: 1,
      firstGuess: { perMegapixelStepMs: Math.max(...rack.pictureMs) / 0.26, overheadMs: 50 },
      features: {
        styles: "every",
        loraScale: true,
        guidance: true,
        trueCfg: true,
        negativePrompt: true,
        variation: "seed",
        initImage: true,
        maxPixels: 1536 * 1536,
        progress: true,
        preview: false,
        queuePosition: false,
        reproducible: true,
        abortedRun: "stops",
      },
      health: async () => (away ? { up: false, reason: sentence("backend.error.offline") } : { up: true }),
      generate: (input) => generate(input, life),
      close: async () => {},
    }),
  };
}
