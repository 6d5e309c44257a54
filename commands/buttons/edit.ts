import type { ButtonAction } from "../../src/command.ts";
import { editForm } from "../../src/edit-form.ts";
import { generateProblem, pressedPicture, styleOfRequest } from "../../src/press-rules.ts";

/** Opens the form; its answer comes back to `redo`. Anyone may, at their own cost. */
export const button: ButtonAction = {
  verb: "edit",
  run(context, subject, world) {
    const forbidden = generateProblem(context);
    if (forbidden) return { do: "refuse", problem: forbidden };
    const parent = pressedPicture(subject);
    if (!parent.ok) return { do: "refuse", problem: parent.problem };
    const style = styleOfRequest(world, parent.value.picture.order.request.styleId);
    if (!style.ok) return { do: "refuse", problem: style.problem };
    return { do: "form", form: editForm(parent.value, context.token("redo", subject.job.jobId, subject.index)) };
  },
};
