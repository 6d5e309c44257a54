import { varyOutcome } from "../../src/child-outcomes.ts";
import type { ButtonAction } from "../../src/command.ts";

/** Clearly different, same composition. */
export const button: ButtonAction = {
  verb: "strong",
  run: (context, subject, world) => varyOutcome(context, subject, world, "strong"),
};
