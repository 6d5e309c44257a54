import { enlargeOutcome } from "../../src/features/derive/enlarge.ts";
import { defineButton } from "../../src/ports/command.ts";

/** Both sides twice as long. Anyone may. */
export const button = defineButton({
  about: "job",
  verb: "upscale",
  run: (context, subject) => enlargeOutcome(context, subject, 2),
});
