import { rerollOutcome } from "../../src/child-outcomes.ts";
import type { ButtonAction } from "../../src/command.ts";

export const button: ButtonAction = { verb: "reroll", run: rerollOutcome };
