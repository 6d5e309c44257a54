import { text } from "../../src/domain/text.ts";
import { pressedPicture } from "../../src/features/pictures/rules.ts";
import { defineButton } from "../../src/ports/command.ts";
import { originalView } from "../../src/views/picture.ts";

/** The lossless file with its recipe: private, since it tells more than the posted copy. */
export const button = defineButton({
  about: "job",
  verb: "original",
  async run(context, subject) {
    const pressed = pressedPicture(subject);
    if (!pressed.ok) return { do: "refuse", problem: pressed.problem };
    const { picture } = pressed.value;
    const { imageId, number } = picture;
    if ((await context.reads.original(imageId)) === undefined)
      return {
        do: "refuse",
        problem: {
          code: "not_found",
          text: text("problem.original.gone", { number }),
        },
      };
    return { do: "reply", visibility: "private", view: originalView(picture, context.rules, context.token) };
  },
});
