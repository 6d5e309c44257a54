import type { ButtonAction } from "../../src/command.ts";
import { ownerProblem } from "../../src/press-rules.ts";

export const button: ButtonAction = {
  verb: "cancel",
  run(context, { job }) {
    const forbidden = ownerProblem(context, job, "cancel it");
    if (forbidden) return { do: "refuse", problem: forbidden };
    if (job.state !== "queued" && job.state !== "running")
      return {
        do: "refuse",
        problem: {
          code: "expired",
          text: "Too late to cancel: it has already ended. Delete removes a finished picture.",
        },
      };
    return { do: "cancel", jobId: job.jobId };
  },
};
