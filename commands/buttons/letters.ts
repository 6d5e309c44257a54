import { captionFromForm, openCaptionForm } from "../../src/features/lettering/form.ts";
import { defineButton } from "../../src/ports/command.ts";

/** "Change the lettering": opens the form; its answer comes back here. Anyone may, and it costs nothing. */
export const button = defineButton({
  about: "job",
  verb: "letters",
  run: (context, subject, catalogue) =>
    subject.values === undefined
      ? openCaptionForm(context, subject)
      : captionFromForm(context, subject, catalogue, subject.values),
});
