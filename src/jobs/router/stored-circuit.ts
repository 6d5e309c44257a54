import { z } from "zod";
import { textSchema } from "../../domain/text-schema.ts";
import type { BackendSentence } from "../../ports/backend-sentence.ts";
import { type Circuit, CLOSED } from "./circuit-breaker.ts";

const reasonSchema = z.object({
  // One of a version to come is kept: the renderer then shows what stands in its gaps.
  about: z.custom<BackendSentence["about"]>((id) => typeof id === "string" && /^[a-z0-9.-]{1,100}$/u.test(id)),
  gaps: z.record(z.string(), z.union([z.string(), z.number(), textSchema])),
  more: textSchema.exactOptional(),
}) satisfies z.ZodType<BackendSentence>;

const circuitSchema = z.object({
  failures: z.int(),
  rest: z
    .object({ untilMs: z.number(), reason: reasonSchema, byHealth: z.literal(true).exactOptional() })
    .exactOptional(),
}) satisfies z.ZodType<Circuit>;

/** As it is written for others; `undefined`: it works, and there is nothing to write. */
export const storedCircuit = (circuit: Circuit): string | undefined =>
  circuit.failures === 0 && !circuit.rest ? undefined : JSON.stringify(circuit);

/** What cannot be read is as if it worked: the next job finds out. */
export function readCircuit(stored: string | undefined): Circuit {
  if (stored === undefined) return CLOSED;
  try {
    return circuitSchema.safeParse(JSON.parse(stored)).data ?? CLOSED;
  } catch {
    return CLOSED;
  }
}
