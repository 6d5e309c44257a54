import { z } from "zod";
import { endOutcome } from "../../src/features/decide/close.ts";
import { defineButton } from "../../src/ports/command.ts";

/** Ends a decision, by who opened it or keeps order here; with `o` that option wins. */
export const button = defineButton({
  about: "chat",
  verb: "endvote",
  arg: z.strictObject({ d: z.string(), o: z.string().optional() }),
  run: (context, { arg, values }) => endOutcome(context, { decisionId: arg.d, choose: arg.o, values }),
});
