import { z } from "zod";
import type { ImageRequest } from "../domain/recipe.ts";
import { checkPlainly } from "../lib/schema-mistakes.ts";
import {
  type Backend,
  BackendError,
  type BackendErrorCode,
  type BackendEvent,
  type BackendFacts,
  type BackendFeatures,
  type GenerateInput,
  type Health,
} from "../ports/backend.ts";
import { defineBackend } from "../ports/module.ts";
import { bombPng, tinyPng } from "./fake/png.ts";

const failures = [
  "offline",
  "busy",
  "loading",
  "quota",
  "credits",
  "auth",
  "rejected",
  "moderated",
  "out_of_memory",
  "stopped",
  "bad_response",
  "timeout",
] as const satisfies readonly BackendErrorCode[];
/** How the fake behaves; every mood but "ok" and "slow" is a way in which real backends have failed. */
export const fakeMoods = [
  "ok",
  /** As "ok", at least 2 s per picture. */
  "slow",
  "hang",
  "hang_after_progress",
  ...failures,
  "garbage",
  "html",
  "truncated",
  /** A small file of 400 million pixels. */
  "bomb",
  "wrong_size",
  /** A JPEG of the right size. */
  "wrong_type",
  "no_image",
  "two_images",
  /** A plain Error: a bug of the backend's own code. */
  "throws",
  /** Works on for 1.5 s after it was told to stop, then rejects. */
  "late",
] as const;
export type FakeMood = (typeof fakeMoods)[number];

export interface FakeOptions {
  readonly name?: string;
  /** Or chosen for each call, counted from 1. */
  readonly mood?: FakeMood | ((call: number, request: ImageRequest) => FakeMood);
  /** Of one picture. Default 0. */
  readonly delayMs?: number;
  /** Progress events per picture. Default 4. */
  readonly steps?: number;
  /** What it claims to have spent per picture. Default: nothing claimed. */
  readonly usedMs?: number | ((request: ImageRequest) => number);
  readonly features?: Partial<BackendFeatures>;
  readonly facts?: Partial<Omit<BackendFacts, "name" | "features">>;
  /** Each picture waits for this before its first step. */
  readonly gate?: () => Promise<void>;
  /** Shows an unfinished picture with each step. */
  readonly previews?: boolean;
  /** Gives every picture a key it can be picked up again by. */
  readonly attaches?: boolean;
  readonly health?: () => Health;
}

/** One call of `generate`, kept for tests. */
export interface FakeCall {
  readonly request: ImageRequest;
  readonly styleId: string;
  readonly attachKey: string | undefined;
  readonly initBytes: number | undefined;
  /** How it went. */
  readonly end: "running" | "done" | "failed" | "aborted";
}

export interface FakeBackend extends Backend {
  /** Oldest first. */
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

/** A backend without a GPU that makes real, small PNGs, and misbehaves on demand. */
export function fakeBackend(options: FakeOptions = {}): FakeBackend {
  const name = options.name ?? "fake";
  const calls: { -readonly [K in keyof FakeCall]: FakeCall[K] }[] = [];
  let closed = false;
  const moodOf = (call: number, request: ImageRequest): FakeMood =>
    typeof options.mood === "function" ? options.mood(call, request) : (options.mood ?? "ok");

  return {
    title: `the test backend ${name}`,
    where: "here",
    concurrency: 1,
    timeoutMs: 30_000,
    cancelWithinMs: 1000,
    costWeight: 1,
    firstGuess: { perMegapixelStepMs: 10, overheadMs: 10 },
    ...options.facts,
    name,
    features: { ...FEATURES, ...options.features },
    calls,
    get closed() {
      return closed;
    },
    async health() {
      if (options.health) return options.health();
      return options.mood === "offline" ? { up: false, reason: "told to be offline" } : { up: true };
    },
    async *generate(input) {
      input.signal.throwIfAborted();
      const call = {
        request: input.request,
        styleId: input.style.id,
        attachKey: input.attachKey,
        initBytes: input.initBytes?.length,
        end: "running" as FakeCall["end"],
      };
      calls.push(call);
      try {
        yield* perform(name, moodOf(calls.length, input.request), options, input);
        call.end = "done";
      } finally {
        if (call.end === "running") call.end = input.signal.aborted ? "aborted" : "failed";
      }
    },
    async close() {
      closed = true;
    },
  };
}

async function* perform(
  name: string,
  mood: FakeMood,
  options: FakeOptions,
  input: GenerateInput,
): AsyncGenerator<BackendEvent> {
  const { signal } = input;
  const failure = failures.find((code) => code === mood);
  if (failure) {
    const knowsWhen = failure === "busy" || failure === "loading" || failure === "quota";
    throw new BackendError(name, failure, `told to fail with "${failure}"`, knowsWhen ? { retryAfterMs: 1000 } : {});
  }
  if (mood === "throws") throw new Error("told to throw");
  if (options.attaches) yield { type: "attached", key: input.attachKey ?? `${name}-${input.request.seed}` };
  if (options.gate) await unlessAborted(options.gate(), signal);
  if (mood === "hang") await forever(signal);
  const steps = options.steps ?? 4;
  const delayMs = mood === "slow" ? Math.max(2000, options.delayMs ?? 0) : (options.delayMs ?? 0);
  for (let at = 1; at <= steps; at += 1) {
    if (mood === "late") await pauseMs(delayMs / steps);
    else await pauseMs(delayMs / steps, signal);
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
    await pauseMs(1500);
  }
  signal.throwIfAborted();
  if (mood === "no_image") return;
  const image = {
    type: "image" as const,
    bytes: await pictureOf(mood, input.request),
    seed: input.request.seed,
    model: "fake 1",
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

async function pictureOf(mood: FakeMood, request: ImageRequest): Promise<Uint8Array> {
  const { widthPx, heightPx } = request;
  const good = () => tinyPng(widthPx, heightPx, JSON.stringify(request));
  switch (mood) {
    case "garbage":
      return Buffer.from("not a picture at all, whatever the header said".repeat(20));
    case "html":
      return Buffer.from("<!doctype html><title>502 Bad Gateway</title><h1>Bad Gateway</h1>");
    case "truncated":
      return good().subarray(0, 70);
    case "bomb":
      return bombPng();
    case "wrong_size":
      return tinyPng(widthPx === 256 ? 320 : 256, heightPx, JSON.stringify(request));
    case "wrong_type": {
      const { default: sharp } = await import("sharp");
      return sharp(good()).jpeg().toBuffer();
    }
    default:
      return good();
  }
}

/** Rejects with the signal's reason; the timer goes with it. A pause of 0 does not wait. */
function pauseMs(durationMs: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  if (durationMs <= 0) return Promise.resolve();
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, durationMs);
  return (signal ? unlessAborted(promise, signal) : promise).finally(() => clearTimeout(timer));
}

const forever = (signal: AbortSignal): Promise<void> => unlessAborted(new Promise<void>(() => {}), signal);

async function unlessAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<void>();
  const stop = () => reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

const spellingSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,15}$/, "use a-z, 0-9 and _, a letter first, at most 16")
    .default("fake"),
  mood: z.enum(fakeMoods).default("ok"),
  delay: z.coerce.number().min(0).max(600_000).default(0),
  steps: z.coerce.number().int().min(1).max(50).default(4),
  used: z.coerce.number().min(0).max(600_000).optional(),
  concurrency: z.coerce.number().int().min(1).max(16).default(1),
});

/**
 * Reads the string form of the options, `delay:2000,mood:ok,name:slowpoke,steps:4,used:500,concurrency:2`, all of them
 * optional; delay and used in ms. `on` alone takes the defaults. @throws Error that names the wrong parts and says what they take
 */
export function parseFakeBackend(text: string): FakeOptions {
  const parts = text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => !["", "1", "on"].includes(part))
    .map((part) => /^([^:]*):?(.*)$/s.exec(part)?.slice(1) ?? [])
    .map(([key, value]) => [key, value === "" ? "nothing" : value]);
  const checked = checkPlainly(spellingSchema, Object.fromEntries(parts));
  if (!checked.ok) {
    const complaints = checked.mistakes.map(
      ({ path, sentence }) => `  FAKE_BACKEND: ${[...path, ""].join(" ")}${sentence}`,
    );
    const keys = Object.keys(spellingSchema.shape).join(", ");
    throw new Error(
      `settings of fake are wrong; change them in .env:\n${complaints.join("\n")}\n  FAKE_BACKEND takes ${keys}, e.g. delay:2000,mood:ok`,
    );
  }
  const { name, mood, delay, steps, used, concurrency } = checked.value;
  return { name, mood, delayMs: delay, steps, ...(used === undefined ? {} : { usedMs: used }), facts: { concurrency } };
}

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
  create({ FAKE_BACKEND }) {
    return FAKE_BACKEND === undefined || FAKE_BACKEND === "" ? undefined : fakeBackend(parseFakeBackend(FAKE_BACKEND));
  },
});
