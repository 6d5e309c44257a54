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
