import { unlockOutcome } from "../../src/features/seed-lock.ts";
import type { PageAction } from "../../src/ports/command.ts";
import { UNLOCK_INDEX } from "../../src/views/buttons.ts";

/** Under the answer to a lock. */
export const button: PageAction = {
  verb: "unlock",
  page: (context, index) => unlockOutcome(context, index === UNLOCK_INDEX.everyone ? "everyone" : "me"),
};
