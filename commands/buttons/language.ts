import { languageOutcome, languageView } from "../../src/features/language.ts";
import { defineButton } from "../../src/ports/command.ts";

/** The list under /language. */
export const button = defineButton({
  about: "chat",
  verb: "language",
  run(context, { values }, { languages }) {
    const choice = values?.["choice"];
    return typeof choice === "string"
      ? languageOutcome(context, languages, choice)
      : { do: "reply", visibility: "private", view: languageView(context, languages) };
  },
});
