import { pressedPicture } from "../../src/features/pictures/rules.ts";
import { defineButton } from "../../src/ports/command.ts";

/** Posts one picture of a batch by itself; costs nothing, so anyone may. */
export const button = defineButton({
  about: "job",
  verb: "pick",
  run(_context, subject) {
    const pressed = pressedPicture(subject);
    if (!pressed.ok) return { do: "refuse", problem: pressed.problem };
    return { do: "pick", jobId: subject.job.jobId, index: pressed.value.picture.index };
  },
});
