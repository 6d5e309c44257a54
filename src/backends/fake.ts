import { z } from "zod";
import type { ImageRequest } from "../domain/recipe.ts";
import { verbatim } from "../domain/text.ts";
import { pauseMs, untilAborted } from "../lib/abort.ts";
import { type Clock, systemClock } from "../lib/clock.ts";
import {
  type Backend,
  BackendError,
  type BackendEvent,
  type BackendFeatures,
  type GenerateInput,
} from "../ports/backend.ts";
import { sentence } from "../ports/backend-sentence.ts";
import { defineBackend } from "../ports/module.ts";
import { type FakeMood, type FakeOptions, failures, parseFakeBackend } from "./fake/options.ts";
import { pictureOf } from "./fake/pictures.ts";
import { tinyPng } from "./fake/png.ts";

/** One call of `generate`, kept for tests: the newest of them. */
export interface FakeCall {
  readonly request: ImageRequest;
  readonly styleId: string;
  readonly attachKey: string | undefined;
  readonly initBytes: number | undefined;
  /** How it went. */
  readonly end: "running" | "done" | "failed" | "aborted";
}

export interface FakeBackend extends Backend {
  /** The newest 1,000, oldest first. */
  readonly calls: readonly FakeCall[];
  readonly closed: boolean;
}

const FEATURES: BackendFeatures = {
  styles: "every",
  loraScale: true,
  guidance: true,
  trueCfg: true,
  negativePrompt: true,
  variation: "seed",
  initImage: true,
  maxPixels: 1536 * 1536,
  progress: true,
  preview: true,
  queuePosition: false,
  reproducible: true,
  abortedRun: "stops",
};

const CALLS_MAX = 1000;

/** A backend without a GPU that makes real, small PNGs, and misbehaves on demand. */
export function fakeBackend(options: FakeOptions = {}): FakeBackend {
  const { name = "fake", models } = options;
  const calls: { -readonly [K in keyof FakeCall]: FakeCall[K] }[] = [];
  let begun = 0;
  let closed = false;
  const moodOf = (call: number, request: ImageRequest): FakeMood =>
    typeof options.mood === "function" ? options.mood(call, request) : (options.mood ?? "ok");

  return {
    title: verbatim(`the test backend ${name}`),
    where: "here",
    drawnBy: "program",
    concurrency: 1,
    timeoutMs: 30_000,
    cancelWithinMs: 1000,
    costWeight: 1,
    firstGuess: { perMegapixelStepMs: 10, overheadMs: 10 },
    ...options.facts,
    name,
    features: { ...FEATURES, ...options.features },
    ...(models ? { severalModels: true, models: () => models } : {}),
    calls,
    get closed() {
      return closed;
    },
    async health() {
      if (options.health) return options.health();
      return options.mood === "offline" ? { up: false, reason: sentence("backend.error.offline") } : { up: true };
    },
    generate,
    // Another pattern, so large; a draw in all else.
    enlarge: ({ picture, to, ...input }) =>
      generate({ ...input, request: { ...input.request, ...to } }, picture.length),
    async close() {
      closed = true;
    },
  };

  async function* generate(input: GenerateInput, enlarges?: number): AsyncGenerator<BackendEvent> {
    input.signal.throwIfAborted();
    const call = {
      request: input.request,
      styleId: input.style.id,
      attachKey: input.attachKey,
      initBytes: input.initBytes?.length ?? enlarges,
      end: "running" as FakeCall["end"],
    };
    begun += 1;
    calls.push(call);
    // Demos run for weeks on it.
    if (calls.length > CALLS_MAX) calls.shift();
    try {
      yield* perform(name, moodOf(begun, input.request), options, input);
      call.end = "done";
    } finally {
      if (call.end === "running") call.end = input.signal.aborted ? "aborted" : "failed";
    }
  }
}

async function* perform(
  name: string,
  mood: FakeMood,
  options: FakeOptions,
  input: GenerateInput,
): AsyncGenerator<BackendEvent> {
  const { signal } = input;
  const { clock = systemClock } = options;
  const failure = failures.find((code) => code === mood);
  if (failure) {
    const knowsWhen = failure === "busy" || failure === "loading" || failure === "quota";
    throw new BackendError(name, failure, `told to fail with "${failure}"`, knowsWhen ? { retryAfterMs: 1000 } : {});
  }
  if (mood === "throws") throw new Error("told to throw");
  if (options.attaches) yield { type: "attached", key: input.attachKey ?? `${name}-${input.request.seed}` };
  if (options.gate) await untilAborted(options.gate(), signal);
  if (mood === "hang") await forever(signal);
  const steps = options.steps ?? 4;
  const delayMs = mood === "slow" ? Math.max(2000, options.delayMs ?? 0) : (options.delayMs ?? 0);
  for (let at = 1; at <= steps; at += 1) {
    await paused(clock, delayMs / steps, mood === "late" ? DEAF : signal);
    yield {
      type: "progress",
      fraction: at / steps,
      step: { at, of: steps },
      ...(options.previews ? { preview: tinyPng(64, 64, `${input.request.seed} ${at}`) } : {}),
    };
    if (mood === "hang_after_progress") await forever(signal);
  }
  if (mood === "late") {
    // The abort is what it waits for, and then takes its time over.
    await forever(signal).catch(() => {});
    await paused(clock, 1500, DEAF);
  }
  signal.throwIfAborted();
  if (mood === "no_image") return;
  const image = {
    type: "image" as const,
    bytes: await pictureOf(mood, input.request),
    seed: input.request.seed,
    model: input.request.model ?? "fake 1",
    ...claimed(options.usedMs, input.request),
    notes: [],
  };
  yield image;
  if (mood === "two_images") yield image;
}

function claimed(usedMs: FakeOptions["usedMs"], request: ImageRequest): { readonly usedMs?: number } {
  if (usedMs === undefined) return {};
  return { usedMs: typeof usedMs === "number" ? usedMs : usedMs(request) };
}

/** For what goes on although it was told to stop. */
const DEAF = new AbortController().signal;

/** Rejects with the signal's reason. A pause of 0 does not wait. */
async function paused(clock: Clock, durationMs: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (durationMs > 0) await pauseMs(clock, durationMs, signal);
}

const forever = (signal: AbortSignal): Promise<void> => untilAborted(new Promise<void>(() => {}), signal);

export const module = defineBackend({
  name: "fake",
  summary: "pretends to draw, for tests and demos: a two-colour pattern, as slow or as broken as you ask",
  env: z.object({
    FAKE_BACKEND: z
      .string()
      .optional()
      .describe(
        "for tests and demos: on when set, e.g. `delay:2000,mood:ok` (delay in ms; moods: see src/backends/fake.ts)",
      ),
  }),
  create({ FAKE_BACKEND }, { clock }) {
    if (FAKE_BACKEND === undefined || FAKE_BACKEND === "") return undefined;
    return fakeBackend({ ...parseFakeBackend(FAKE_BACKEND), clock });
  },
});
