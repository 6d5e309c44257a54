import { z } from "zod";
import { text } from "../../src/domain/text.ts";
import { isOpen, ownerProblem } from "../../src/features/pictures/rules.ts";
import { defineButton } from "../../src/ports/command.ts";

export const button = defineButton({
  about: "job",
  verb: "cancel",
  /** Absent: under its own message. */
  arg: z.strictObject({ from: z.literal("list").optional() }),
  async run(context, { job, arg }) {
    const forbidden = await ownerProblem(context, job, "cancel");
    if (forbidden) return { do: "refuse", problem: forbidden };
    if (!isOpen(job))
      return {
        do: "refuse",
        problem: {
          code: "expired",
          text: text("problem.cancel.ended"),
        },
      };
    return { do: "cancel", jobId: job.jobId, ...(arg.from === "list" ? { elsewhere: true } : {}) };
  },
});
