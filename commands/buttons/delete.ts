import { text } from "../../src/domain/text.ts";
import { ownerProblem } from "../../src/features/pictures/rules.ts";
import { defineButton } from "../../src/ports/command.ts";

/** Takes all pictures of the message away; Undo brings them back for ten minutes. */
export const button = defineButton({
  about: "job",
  verb: "delete",
  async run(context, { job, pictures }) {
    const forbidden = await ownerProblem(context, job, "delete");
    if (forbidden) return { do: "refuse", problem: forbidden };
    if (pictures.length === 0)
      return {
        do: "refuse",
        problem: {
          code: "not_found",
          text: text("problem.delete.nothing"),
        },
      };
    return { do: "delete", jobId: job.jobId };
  },
});
