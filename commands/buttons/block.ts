import { blockFromForm } from "../../src/features/people/block.ts";
import { defineButton } from "../../src/ports/command.ts";

/** Shuts out whose pictures these are. Its form asks for how long, and why. For admins only, as the command. */
export const button = defineButton({ about: "job", verb: "block", run: blockFromForm });
