import { text } from "../../src/domain/text.ts";
import { pressedPicture } from "../../src/features/pictures/rules.ts";
import { defineButton } from "../../src/ports/command.ts";
import { plainView } from "../../src/views/picture.ts";

/** A lettered picture as it was before its words: private, as its original. */
export const button = defineButton({
  about: "job",
  verb: "plain",
  run(context, subject) {
    const pressed = pressedPicture(subject);
    if (!pressed.ok) return { do: "refuse", problem: pressed.problem };
    const { picture } = pressed.value;
    if (picture.recipe.request.lettering === undefined)
      return {
        do: "refuse",
        problem: { code: "not_found", text: text("problem.plain.none", { number: picture.number }) },
      };
    return { do: "reply", visibility: "private", view: plainView(picture, context.rules) };
  },
});
