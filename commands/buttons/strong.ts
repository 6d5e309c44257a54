import { varyOutcome } from "../../src/features/derive/outcomes.ts";
import { defineButton } from "../../src/ports/command.ts";

/** Clearly different, same composition. */
export const button = defineButton({
  about: "job",
  verb: "strong",
  run: (context, subject, catalogue) => varyOutcome(context, subject, catalogue, "strong"),
});
