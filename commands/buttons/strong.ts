import { varyOutcome } from "../../src/features/derive/outcomes.ts";
import type { ButtonAction } from "../../src/ports/command.ts";

/** Clearly different, same composition. */
export const button: ButtonAction = {
  verb: "strong",
  run: (context, subject, catalogue) => varyOutcome(context, subject, catalogue, "strong"),
};
