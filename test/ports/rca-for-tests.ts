import { z } from "zod";
import { verbatim } from "../../src/domain/text.ts";
import { attachmentOption, option, parseArgs } from "../../src/ports/args.ts";
import { defineCommand } from "../../src/ports/command.ts";

const run = () => ({ do: "reply", view: { text: verbatim("") }, visibility: "private" }) as const;
/** A command with an option of each kind. */
export const rca = defineCommand({
  group: "make",
  name: "rca",
  summary: verbatim("For tests"),
  example: verbatim("/rca a red fox seed:7"),
  args: z.strictObject({
    prompt: option(z.string().trim().min(1).max(1500).describe("what to draw"), { rest: true }),
    cfg: z.number().min(1).max(10).optional().describe("guidance"),
    steps: z.int().min(1).max(50).optional(),
    seed: z
      .union([z.int().min(0).max(4_294_967_295), z.literal("random")])
      .optional()
      .describe("the composition"),
    mood: option(z.enum(["calm", "loud"]), { labels: { calm: verbatim("Calm and quiet") } }).optional(),
    draft: z.boolean().default(false),
    negative: z.string().max(20).optional(),
    image: attachmentOption(verbatim("start from it"), verbatim("Start from")).optional(),
  }),
  run,
});
export const typed = (text: string) => parseArgs(rca, { text }, []);
