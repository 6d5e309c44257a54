import { wordsStart } from "../../src/features/pictures/rules.ts";
import { editFormFor } from "../../src/features/posters/edit.ts";
import { defineButton } from "../../src/ports/command.ts";

/** Opens the form; its answer comes back to `redo`. Anyone may, at their own cost. */
export const button = defineButton({
  about: "job",
  verb: "edit",
  run(context, subject, catalogue) {
    const start = wordsStart(context, subject, catalogue);
    if (!start.ok) return { do: "refuse", problem: start.problem };
    const { parent } = start.value;
    return {
      do: "form",
      form: editFormFor(
        context,
        catalogue,
        parent,
        context.token("redo", { jobId: subject.job.jobId, pictures: subject.which }),
      ),
    };
  },
});
