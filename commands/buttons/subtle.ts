import { varyOutcome } from "../../src/features/derive/outcomes.ts";
import { defineButton } from "../../src/ports/command.ts";

/** A little different, same composition. */
export const button = defineButton({
  about: "job",
  verb: "subtle",
  run: (context, subject, catalogue) => varyOutcome(context, subject, catalogue, "subtle"),
});
