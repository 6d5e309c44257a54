import type { PageAction } from "../../src/command.ts";
import { UNLOCK_INDEX } from "../../src/picture-buttons.ts";
import { unlockOutcome } from "../../src/unlock-rules.ts";

/** Under the answer to a lock. */
export const button: PageAction = {
  verb: "unlock",
  page: (context, index) => unlockOutcome(context, index === UNLOCK_INDEX.everyone ? "everyone" : "me"),
};
