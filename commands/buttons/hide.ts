import { hiding } from "../../src/features/moderation/decide.ts";
import { defineButton } from "../../src/ports/command.ts";

/** Somebody does not want a picture to be shown. */
export const button = defineButton({ about: "job", verb: "hide", run: hiding });
