import { text } from "../../src/domain/text.ts";
import { restyleOutcome } from "../../src/features/derive/outcomes.ts";
import { chosenStyle } from "../../src/features/styles.ts";
import { defineButton } from "../../src/ports/command.ts";

/** The list “Try in another style”. */
export const button = defineButton({
  about: "job",
  verb: "instyle",
  run(context, subject, catalogue) {
    const style = chosenStyle(catalogue.styles, subject.values?.["choice"]);
    if (style) return restyleOutcome(context, subject, catalogue, { styleId: style.id });
    return {
      do: "refuse",
      problem: { code: "not_found", text: text("problem.style.gone.list") },
    };
  },
});
