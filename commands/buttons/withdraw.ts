import { withdrawal } from "../../src/features/moderation/decide.ts";
import { defineButton } from "../../src/ports/command.ts";

/** The author of what waits for a moderator takes it back. */
export const button = defineButton({ about: "job", verb: "withdraw", run: withdrawal });
