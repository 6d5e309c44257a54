import { editFromForm } from "../../src/features/derive/edit-form.ts";
import { editOutcome } from "../../src/features/derive/outcomes.ts";
import { childStart } from "../../src/features/pictures/rules.ts";
import { defineButton } from "../../src/ports/command.ts";

/** The Edit form, filled in. */
export const button = defineButton({
  about: "job",
  verb: "redo",
  run(context, subject, catalogue) {
    // Who may not, or whose picture is gone, need not be told what is wrong with the fields.
    const start = childStart(context, subject, catalogue);
    if (!start.ok) return { do: "refuse", problem: start.problem };
    const edit = editFromForm(subject.values ?? {}, context.spoken);
    return edit.ok ? editOutcome(context, subject, catalogue, edit.value) : { do: "refuse", problem: edit.problem };
  },
});
