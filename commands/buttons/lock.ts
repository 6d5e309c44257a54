import type { ButtonAction } from "../../src/command.ts";
import { pressedPicture } from "../../src/press-rules.ts";

/** Costs nothing and concerns only the presser: anyone may. */
export const button: ButtonAction = {
  verb: "lock",
  run(_context, subject) {
    const pressed = pressedPicture(subject);
    if (!pressed.ok) return { do: "refuse", problem: pressed.problem };
    return { do: "lock", seed: pressed.value.picture.recipe.request.seed, scope: "me" };
  },
};
