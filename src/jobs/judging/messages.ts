import { z } from "zod";
import { descriptionSchema } from "./description.ts";

/** What the parent and the classifier's own process say to each other. Both read it through these schemas. */

const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

export const toJudgeSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("load"), path: z.string() }),
  z.object({ type: z.literal("judge"), id: z.int(), picture: bytes }),
]);
export type ToJudge = z.output<typeof toJudgeSchema>;

const factsSchema = z.object({
  sha256: z.string(),
  description: descriptionSchema,
  /** Of one picture, as measured. */
  lookMs: z.number(),
});
export type JudgeFacts = z.output<typeof factsSchema>;

/** "model": it is the operator's to mend. */
const FAILURES = ["model", "picture", "broken"] as const;
export type JudgeFailure = (typeof FAILURES)[number];

export const fromJudgeSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("loaded"), facts: factsSchema }),
  z.object({ type: z.literal("judged"), id: z.int(), scores: z.array(z.number()).readonly() }),
  /** Without an id: of loading. */
  z.object({ type: z.literal("failed"), id: z.int().exactOptional(), why: z.enum(FAILURES), message: z.string() }),
]);
export type FromJudge = z.output<typeof fromJudgeSchema>;
