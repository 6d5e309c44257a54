import { text } from "../../src/domain/text.ts";
import { pressedPicture } from "../../src/features/pictures/rules.ts";
import { defineButton } from "../../src/ports/command.ts";

/** Changes what others get, so it is for admins. */
export const button = defineButton({
  about: "job",
  verb: "lockall",
  run(context, subject) {
    if (!context.isAdmin)
      return {
        do: "refuse",
        problem: {
          code: "not_allowed",
          text: text("problem.lock.everyone"),
        },
      };
    const pressed = pressedPicture(subject);
    if (!pressed.ok) return { do: "refuse", problem: pressed.problem };
    return { do: "lock", picture: pressed.value.picture, scope: "everyone" };
  },
});
