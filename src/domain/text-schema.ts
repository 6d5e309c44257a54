import { z } from "zod";
import { type MessageId, type Text, verbatim, type Words } from "./text.ts";

// Texts as they are stored. What was written before texts had ids is a string of words: it is shown as it stands.

/** Ours are five deep at most. What comes in a file could go on for ever. */
const DEPTH_MAX = 8;

/** An id of a version to come or gone by is kept: the renderer then shows what stands in its gaps. */
const idSchema = z.custom<MessageId>((id) => typeof id === "string" && /^[a-z0-9.-]{1,100}$/u.test(id));

const plainWords = z.union([z.string(), z.number()]);

const textOf = (words: z.ZodType<Words>): z.ZodType<Text> =>
  z.union([
    z.strictObject({ id: idSchema, args: z.record(z.string(), words).exactOptional() }),
    z.strictObject({ verbatim: z.string() }),
    z.strictObject({
      parts: z.array(words),
      as: z.enum(["lines", "sentences", "facts", "commas", "and", "or"]),
    }),
    z.strictObject({
      clockMs: z.number(),
      weekday: z.literal(true).exactOptional(),
      date: z.literal(true).exactOptional(),
    }),
  ]);

/** From the innermost out: each level stands once, though the next one has it twice. */
function textUpTo(depth: number): z.ZodType<Text> {
  let words: z.ZodType<Words> = plainWords;
  for (let level = 1; level < depth; level += 1) words = z.union([plainWords, textOf(words)]);
  return textOf(words);
}

export const textSchema: z.ZodType<Text> = z.union([z.string().transform(verbatim), textUpTo(DEPTH_MAX)]);
