import type { ButtonAction } from "../../src/command.ts";
import { encodeMediaKey } from "../../src/media.ts";
import { pressedPicture } from "../../src/press-rules.ts";

/** The lossless file with its recipe: private, since it tells more than the posted copy. */
export const button: ButtonAction = {
  verb: "original",
  async run(context, subject) {
    const pressed = pressedPicture(subject);
    if (!pressed.ok) return { do: "refuse", problem: pressed.problem };
    const { imageId, number } = pressed.value.picture;
    if ((await context.reads.original(imageId)) === undefined)
      return {
        do: "refuse",
        problem: {
          code: "not_found",
          text: `The original of #${number} is no longer kept here. Press Edit or Reroll to make it again.`,
        },
      };
    return {
      do: "reply",
      visibility: "private",
      view: {
        text: `The original of #${number}: a lossless PNG with its whole recipe inside. Give it to /info to read the recipe.`,
        file: { key: encodeMediaKey({ of: "picture", imageId, variant: "original" }), name: `placard-${number}.png` },
      },
    };
  },
};
