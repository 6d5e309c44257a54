import { isGroups } from "../../src/domain/owners.ts";
import { text } from "../../src/domain/text.ts";
import { isOwner, pressedPicture } from "../../src/features/pictures/rules.ts";
import { defineButton } from "../../src/ports/command.ts";
import type { Outcome } from "../../src/ports/outcome.ts";

/** Changes what others get, so it is for admins; and what is the group's, for those whose it is. */
export const button = defineButton({
  about: "job",
  verb: "lockall",
  async run(context, subject): Promise<Outcome> {
    const ours = isGroups(subject.job) && (await isOwner(context, subject.job));
    if (!ours && !context.isAdmin)
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
