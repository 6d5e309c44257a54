import { rerollOutcome } from "../../src/features/derive/outcomes.ts";
import type { ButtonAction } from "../../src/ports/command.ts";

export const button: ButtonAction = { verb: "reroll", run: rerollOutcome };
