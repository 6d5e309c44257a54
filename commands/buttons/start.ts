import type { PageAction } from "../../src/command.ts";
import { startOutcome } from "../../src/start-form.ts";

/** “Use this picture”, with the form filled in. */
export const button: PageAction = {
  verb: "start",
  page: (context, _index, world, values) => startOutcome(context, world, values ?? {}),
};
