import { startArg, startOutcome } from "../../src/features/draw/start-form.ts";
import { defineButton } from "../../src/ports/command.ts";

/** “Use this picture”, or a command that had no words, with the form filled in. */
export const button = defineButton({
  about: "chat",
  verb: "start",
  arg: startArg,
  run: (context, { values, arg }, catalogue) => startOutcome(context, catalogue, values ?? {}, arg),
});
