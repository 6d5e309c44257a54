import { z } from "zod";
import { unlockOutcome } from "../../src/features/seed-lock.ts";
import { defineButton } from "../../src/ports/command.ts";

/** Under the answer to a lock. */
export const button = defineButton({
  about: "chat",
  verb: "unlock",
  arg: z.strictObject({ scope: z.enum(["me", "everyone"]) }),
  run: (context, { arg }) => unlockOutcome(context, arg.scope),
});
