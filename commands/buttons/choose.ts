import { z } from "zod";
import { chooseOutcome } from "../../src/features/decide/choose.ts";
import { defineButton } from "../../src/ports/command.ts";

/** An option of a decision: chosen, or taken back. Without `o` its form says which all of them are. */
export const button = defineButton({
  about: "chat",
  verb: "choose",
  arg: z.strictObject({ d: z.string(), o: z.string().optional() }),
  run: (context, { arg, values }, catalogue) =>
    chooseOutcome(context, catalogue, { decisionId: arg.d, optionId: arg.o, values }),
});
