import { release } from "../../src/features/moderation/decide.ts";
import { defineButton } from "../../src/ports/command.ts";

/** What waits for a moderator is shown from now on. */
export const button = defineButton({ about: "job", verb: "release", run: release });
