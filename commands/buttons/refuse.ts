import { refusal } from "../../src/features/moderation/decide.ts";
import { defineButton } from "../../src/ports/command.ts";

/** What waits for a moderator is never shown. Its form asks why. */
export const button = defineButton({ about: "job", verb: "refuse", run: refusal });
