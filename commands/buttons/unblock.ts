import { z } from "zod";
import { text } from "../../src/domain/text.ts";
import { decideUnblock } from "../../src/features/people/block.ts";
import { defineButton } from "../../src/ports/command.ts";

/** Under an entry of the block list. For admins only, as /unblock. */
export const button = defineButton({
  about: "chat",
  verb: "unblock",
  arg: z.strictObject({ n: z.string().transform((text) => Number.parseInt(text, 36)) }),
  async run(context, { arg }) {
    if (!context.isAdmin)
      return {
        do: "refuse",
        problem: { code: "not_allowed", text: text("problem.unblock.admins") },
      };
    const blocks = await context.reads.blocks();
    return decideUnblock(blocks.find(({ number }) => number === arg.n));
  },
});
