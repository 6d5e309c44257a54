import { z } from "zod";
import type { ImageRequest } from "../../domain/recipe.ts";
import type { Clock } from "../../lib/clock.ts";
import { wholeNumberSetting } from "../../lib/number-text.ts";
import { checkPlainly } from "../../lib/schema-mistakes.ts";
import type { BackendErrorCode, BackendFacts, BackendFeatures, Health } from "../../ports/backend.ts";
import type { ModelOffer } from "../../ports/backend-models.ts";

export const failures = [
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
  /** Black all over, as a model's whose numbers overflowed. */
  "black",
  "no_image",
  "two_images",
  /** A plain Error: a bug of the backend's own code. */
  "throws",
  /** Works on for 1.5 s after it was told to stop, then rejects. */
  "late",
] as const;
export type FakeMood = (typeof fakeMoods)[number];

export interface FakeOptions {
  /** Default: the system's. */
  readonly clock?: Clock;
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
  /** Among which a member can choose. */
  readonly models?: readonly ModelOffer[];
  /** Each picture waits for this before its first step. */
  readonly gate?: () => Promise<void>;
  /** Shows an unfinished picture with each step. */
  readonly previews?: boolean;
  /** Gives every picture a key it can be picked up again by. */
  readonly attaches?: boolean;
  readonly health?: () => Health;
}

const spellingSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,15}$/, "use a-z, 0-9 and _, a letter first, at most 16")
    .default("fake"),
  mood: z.enum(fakeMoods).default("ok"),
  delay: wholeNumberSetting(0, 600_000).default(0),
  steps: wholeNumberSetting(1, 50).default(4),
  used: wholeNumberSetting(0, 600_000).optional(),
  concurrency: wholeNumberSetting(1, 16).default(1),
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
