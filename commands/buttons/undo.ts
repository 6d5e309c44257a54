import { UNDO_MS } from "../../src/domain/job.ts";
import { text } from "../../src/domain/text.ts";
import { ownerProblem } from "../../src/features/pictures/rules.ts";
import { defineButton } from "../../src/ports/command.ts";

/** Brings a deleted picture back, up to and including ten minutes after it was deleted. */
export const button = defineButton({
  about: "job",
  verb: "undo",
  async run(context, { job, pictures }) {
    const forbidden = await ownerProblem(context, job, "restore");
    if (forbidden) return { do: "refuse", problem: forbidden };
    const deleted = pictures.find((picture) => picture.deleted !== undefined)?.deleted;
    if (deleted === undefined || deleted.withheld)
      return {
        do: "refuse",
        problem: {
          code: "not_found",
          text: text("problem.restore.nothing"),
        },
      };
    if (context.nowMs - deleted.atMs > UNDO_MS)
      return {
        do: "refuse",
        problem: {
          code: "expired",
          text: text("problem.restore.over", { minutes: UNDO_MS / 60_000 }),
        },
      };
    return { do: "restore", jobId: job.jobId };
  },
});
