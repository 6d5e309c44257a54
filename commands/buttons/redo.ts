import { editOutcome } from "../../src/child-outcomes.ts";
import type { ButtonAction } from "../../src/command.ts";
import { editFromForm } from "../../src/edit-form.ts";
import { childStart } from "../../src/press-rules.ts";

/** The Edit form, filled in. */
export const button: ButtonAction = {
  verb: "redo",
  run(context, subject, world) {
    // Who may not, or whose picture is gone, need not be told what is wrong with the fields.
    const start = childStart(context, subject, world);
    if (!start.ok) return { do: "refuse", problem: start.problem };
    const edit = editFromForm(subject.values ?? {});
    return edit.ok ? editOutcome(context, subject, world, edit.value) : { do: "refuse", problem: edit.problem };
  },
};
