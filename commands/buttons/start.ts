import { startOutcome } from "../../src/features/draw/start-form.ts";
import type { PageAction } from "../../src/ports/command.ts";

/** “Use this picture”, with the form filled in. */
export const button: PageAction = {
  verb: "start",
  page: (context, _index, catalogue, values) => startOutcome(context, catalogue, values ?? {}),
};
