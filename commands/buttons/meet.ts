import { meetingArg, pressOutcome } from "../../src/features/meetings/press.ts";
import { defineButton } from "../../src/ports/command.ts";

/** What is done in a meeting: see views/meeting/buttons.ts. */
export const button = defineButton({
  about: "chat",
  verb: "meet",
  arg: meetingArg,
  run: (context, { arg, values }, catalogue) => pressOutcome(context, catalogue, arg, values),
});
