import { z } from "zod";
import { remakeOutcome } from "../../src/features/file-recipe/outcomes.ts";
import { defineButton } from "../../src/ports/command.ts";

/** “Make it again” under what an attached file says of itself. */
export const button = defineButton({
  about: "chat",
  verb: "remake",
  arg: z.strictObject({ file: z.string() }),
  run: (context, { arg }, catalogue) => remakeOutcome(context, catalogue, arg.file),
});
