import { varyOutcome } from "../../src/features/derive/outcomes.ts";
import type { ButtonAction } from "../../src/ports/command.ts";

/** A little different, same composition. */
export const button: ButtonAction = {
  verb: "subtle",
  run: (context, subject, catalogue) => varyOutcome(context, subject, catalogue, "subtle"),
};
