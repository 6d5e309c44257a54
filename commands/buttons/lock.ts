import { pressedPicture } from "../../src/features/pictures/rules.ts";
import { defineButton } from "../../src/ports/command.ts";

/** Costs nothing and concerns only the presser: anyone may. */
export const button = defineButton({
  about: "job",
  verb: "lock",
  run(_context, subject) {
    const pressed = pressedPicture(subject);
    if (!pressed.ok) return { do: "refuse", problem: pressed.problem };
    return { do: "lock", picture: pressed.value.picture, scope: "me" };
  },
});
