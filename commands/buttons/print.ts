import { openPrintForm, printFromForm } from "../../src/features/documents/print.ts";
import { defineButton } from "../../src/ports/command.ts";

/** "Print on paper": opens the form; its answer comes back here. Anyone may, and it costs nothing. */
export const button = defineButton({
  about: "job",
  verb: "print",
  run: (context, subject) =>
    subject.values === undefined ? openPrintForm(context, subject) : printFromForm(context, subject, subject.values),
});
