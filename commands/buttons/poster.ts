import { posterArg, posterFromForm } from "../../src/features/posters/form.ts";
import { defineButton } from "../../src/ports/command.ts";

/** The form of a template, filled in. */
export const button = defineButton({
  about: "chat",
  verb: "poster",
  arg: posterArg,
  run: (context, { values, arg }, catalogue) => posterFromForm(context, catalogue, values ?? {}, arg),
});
