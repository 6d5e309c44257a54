import { rerollOutcome } from "../../src/features/derive/outcomes.ts";
import { defineButton } from "../../src/ports/command.ts";

export const button = defineButton({ about: "job", verb: "reroll", run: rerollOutcome });
