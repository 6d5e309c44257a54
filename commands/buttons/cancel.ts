import { ownerProblem } from "../../src/features/pictures/rules.ts";
import type { ButtonAction } from "../../src/ports/command.ts";
import { CANCEL_IN_LIST } from "../../src/views/buttons.ts";

export const button: ButtonAction = {
  verb: "cancel",
  run(context, { job, index }) {
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
    return { do: "cancel", jobId: job.jobId, ...(index === CANCEL_IN_LIST ? { elsewhere: true } : {}) };
  },
};
