import { z } from "zod";
import { reworkOutcome } from "../../src/features/file-recipe/outcomes.ts";
import { defineButton } from "../../src/ports/command.ts";

/** “Edit” under what an attached file says of itself; the form that it opens comes back to it filled in. */
export const button = defineButton({
  about: "chat",
  verb: "rework",
  arg: z.strictObject({ file: z.string() }),
  run: (context, { arg, values }, catalogue) => reworkOutcome(context, catalogue, { id: arg.file, values }),
});
