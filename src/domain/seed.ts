import { getRandomValues } from "node:crypto";
import { z } from "zod";
import { seedSchema } from "./recipe.ts";

/** "me": for one member in one chat. "everyone": for all members of one chat; a member's own lock goes before it. */
export const seedScopes = ["me", "everyone"] as const;
export type SeedScope = (typeof seedScopes)[number];

export const seedLockSchema = z.strictObject({
  seed: seedSchema,
  scope: z.enum(seedScopes),
  byMemberId: z.string(),
  byName: z.string(),
  atMs: z.int(),
});
export type SeedLock = z.output<typeof seedLockSchema>;

/** A uint32 from 1 on. Never 0: SD.Next takes 0 for "draw one" and does not say which it drew. */
export function newSeed(): number {
  for (;;) {
    const [seed = 0] = getRandomValues(new Uint32Array(1));
    if (seed !== 0) return seed;
  }
}
