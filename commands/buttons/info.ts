import { pictureInfo } from "../../src/features/pictures/info.ts";
import { pressedPicture } from "../../src/features/pictures/rules.ts";
import { defineButton } from "../../src/ports/command.ts";

export const button = defineButton({
  about: "job",
  verb: "info",
  async run(context, subject, catalogue) {
    const pressed = pressedPicture(subject);
    if (!pressed.ok) return { do: "refuse", problem: pressed.problem };
    const view = await pictureInfo(context, catalogue, pressed.value.picture, subject.job);
    return { do: "reply", visibility: "private", view };
  },
});
