import { generateProblem } from "../../src/domain/permissions.ts";
import { text } from "../../src/domain/text.ts";
import { styleOfRequest } from "../../src/features/pictures/rules.ts";
import { defineButton } from "../../src/ports/command.ts";

/** “Use the sketch” under a picture that came to nothing: the same, set in type, at no cost. */
export const button = defineButton({
  about: "job",
  verb: "sketch",
  run(context, { job }, catalogue) {
    const forbidden = generateProblem(context);
    if (forbidden) return { do: "refuse", problem: forbidden };
    const style = styleOfRequest(catalogue, job.order.request.styleId);
    if (!style.ok) return { do: "refuse", problem: style.problem };
    if (job.state !== "failed" && job.state !== "cancelled")
      return { do: "refuse", problem: { code: "expired", text: text("problem.sketch.ended") } };
    return { do: "draw", order: job.order, free: true };
  },
});
