import { editFromForm } from "../../src/features/derive/edit-form.ts";
import { editOutcome } from "../../src/features/derive/outcomes.ts";
import { noted } from "../../src/features/draw/options.ts";
import { childStart } from "../../src/features/pictures/rules.ts";
import { editedPoster } from "../../src/features/posters/edit.ts";
import { defineButton } from "../../src/ports/command.ts";

/** The Edit form, filled in. */
export const button = defineButton({
  about: "job",
  verb: "redo",
  run(context, subject, catalogue) {
    // Who may not, or whose picture is gone, need not be told what is wrong with the fields.
    const start = childStart(context, subject, catalogue);
    if (!start.ok) return { do: "refuse", problem: start.problem };
    const poster = editedPoster(context, catalogue, start.value, subject.values ?? {});
    if (poster) return poster;
    const { parent } = start.value;
    const filled = editFromForm(subject.values ?? {}, { parent, spoken: context.spoken });
    if (!filled.ok) return { do: "refuse", problem: filled.problem };
    return noted(editOutcome(context, subject, catalogue, filled.value.edit), filled.value.notes);
  },
});
