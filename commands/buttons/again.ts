import { generateProblem } from "../../src/domain/permissions.ts";
import { againOrder } from "../../src/features/derive/order.ts";
import { pressedPicture, styleOfRequest } from "../../src/features/pictures/rules.ts";
import { defineButton } from "../../src/ports/command.ts";

/** "Try again" under a picture that failed or was cancelled; the same recipe once more under one that did not. */
export const button = defineButton({
  about: "job",
  verb: "again",
  run(context, subject, catalogue) {
    const forbidden = generateProblem(context);
    if (forbidden) return { do: "refuse", problem: forbidden };
    const { job } = subject;
    const style = styleOfRequest(catalogue, job.order.request.styleId);
    if (!style.ok) return { do: "refuse", problem: style.problem };
    if (job.state === "failed" || job.state === "cancelled") return { do: "draw", order: job.order };
    const parent = pressedPicture(subject);
    if (!parent.ok) return { do: "refuse", problem: parent.problem };
    return { do: "draw", order: againOrder(context, style.value, parent.value) };
  },
});
