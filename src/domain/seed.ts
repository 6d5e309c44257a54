import { randomInt } from "node:crypto";
import { z } from "zod";
import { BATCH_MAX } from "./batch.ts";
import { NOISE_DTYPES, seedSchema } from "./recipe.ts";

/** "me": for one member in one chat. "everyone": for all members of one chat; a member's own lock goes before it. */
export const seedScopes = ["me", "everyone"] as const;
export type SeedScope = (typeof seedScopes)[number];

export const seedLockSchema = z.strictObject({
  seed: seedSchema,
  /** Of the picture whose seed it is, where its recipe says so. */
  noiseDtype: z.enum(NOISE_DTYPES).exactOptional(),
  scope: z.enum(seedScopes),
  byMemberId: z.string(),
  byName: z.string(),
  atMs: z.int(),
  /** Whose seed it is; absent in locks from before this was kept. */
  picture: z.strictObject({ imageId: z.string(), number: z.int() }).optional(),
});
export type SeedLock = z.output<typeof seedLockSchema>;

/**
 * Far ends whose seeds are signed 32-bit refuse larger ones, Gradio's `np.iinfo(np.int32).max` among them, and would pass
 * every second picture on. Every picture of a batch fits. Source: BACKENDS reference, 2.1.
 */
const DRAWN_MAX = 0x7fff_ffff - (BATCH_MAX - 1);

/** From 1 to 2147483647, for each picture of a batch. Never 0: SD.Next takes 0 for "draw one" and does not say which it drew. */
export const newSeed = (): number => randomInt(1, DRAWN_MAX + 1);
