import { UNDO_MS } from "../../src/domain/job.ts";
import { ownerProblem } from "../../src/features/pictures/rules.ts";
import { defineButton } from "../../src/ports/command.ts";

/** Brings a deleted picture back, up to and including ten minutes after it was deleted. */
export const button = defineButton({
  about: "job",
  verb: "undo",
  run(context, { job, pictures }) {
    const forbidden = ownerProblem(context, job, "bring it back");
    if (forbidden) return { do: "refuse", problem: forbidden };
    const deleted = pictures.find((picture) => picture.deleted !== undefined)?.deleted;
    if (deleted === undefined)
      return {
        do: "refuse",
        problem: {
          code: "not_found",
          text: "There is nothing to bring back. See /history for the pictures of this chat.",
        },
      };
    if (context.nowMs - deleted.atMs > UNDO_MS)
      return {
        do: "refuse",
        problem: {
          code: "expired",
          text: `A deleted picture can be brought back for ${UNDO_MS / 60_000} minutes, and they are over. Make it again with its prompt.`,
        },
      };
    return { do: "restore", jobId: job.jobId };
  },
});
