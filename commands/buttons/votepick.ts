import { pickOutcome } from "../../src/features/decide/open.ts";
import { pressedPicture } from "../../src/features/pictures/rules.ts";
import { defineButton } from "../../src/ports/command.ts";

/** Puts what the message shows to the vote: a batch, or one picture. */
export const button = defineButton({
  about: "job",
  verb: "votepick",
  run(context, subject) {
    const pressed = pressedPicture(subject);
    if (!pressed.ok) return { do: "refuse", problem: pressed.problem };
    const { pictures, which } = subject;
    const shown = pictures.filter(({ deleted, index }) => !deleted && (which === "all" || index === which));
    return pickOutcome(context, shown, {});
  },
});
