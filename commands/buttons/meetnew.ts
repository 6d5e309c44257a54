import { startForm, startFromForm } from "../../src/features/meetings/start.ts";
import { defineButton } from "../../src/ports/command.ts";

/** The form of a meeting that is to begin, and its answer. */
export const button = defineButton({
  about: "chat",
  verb: "meetnew",
  run: (context, { values }, catalogue) =>
    values === undefined ? startForm(context, catalogue, {}) : startFromForm(context, catalogue, values),
});
