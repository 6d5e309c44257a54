import { startOutcome } from "../../src/features/draw/start-form.ts";
import { defineButton } from "../../src/ports/command.ts";

/** “Use this picture”, with the form filled in. */
export const button = defineButton({
  about: "chat",
  verb: "start",
  run: (context, { values }, catalogue) => startOutcome(context, catalogue, values ?? {}),
});
