import { type FilledTemplate, TEMPLATE_SLOTS } from "../../domain/filled-template.ts";
import { generateProblem } from "../../domain/permissions.ts";
import type { Problem } from "../../domain/problem.ts";
import {
  type FilledSlots,
  promptOfTemplate,
  type SlotMistake,
  slotMistakes,
  type Template,
  wordSlotsOf,
} from "../../domain/template.ts";
import { templateName } from "../../domain/template-names.ts";
import { lines, listed, type Text, text } from "../../domain/text.ts";
import type { Catalogue, Context } from "../../ports/command.ts";
import type { Outcome } from "../../ports/outcome.ts";
import { drawFrom } from "../draw/options.ts";
import { styleOfRequest } from "../pictures/rules.ts";

export interface Looks {
  readonly style?: string | undefined;
  readonly size?: string | undefined;
  readonly brand?: "yes" | "no" | undefined;
}

/**
 * A poster of a template: its words are set, never drawn by a model, so that it is a sketch at once and the same over a model's
 * picture when that is ready.
 */
export function posterOutcome(
  context: Context,
  catalogue: Pick<Catalogue, "styles">,
  { template, filled, style, size, brand }: Looks & { readonly template: Template; readonly filled: FilledSlots },
): Outcome {
  const forbidden = generateProblem(context);
  if (forbidden) return { do: "refuse", problem: forbidden };
  const problem = slotsProblem(template, filled);
  if (problem) return { do: "refuse", problem };
  const found = styleOfRequest(catalogue, style ?? context.rules.style);
  if (!found.ok) return { do: "refuse", problem: found.problem };
  const options = {
    prompt: promptOfTemplate(template, filled),
    size: size ?? template.shape,
    letter: "yes",
    brand,
    branded: { on: "template", template },
  } as const;
  const outcome = drawFrom(context, found.value, options, undefined);
  if (outcome.do !== "draw") return outcome;
  const request = { ...outcome.order.request, template: filledTemplate(template, filled) };
  return { ...outcome, order: { ...outcome.order, request }, sketched: true };
}

/** What stands in the recipe. @param filled without mistakes */
export const filledTemplate = ({ id, art, slots }: Template, filled: FilledSlots): FilledTemplate => ({
  id,
  art,
  slots: Object.fromEntries(
    TEMPLATE_SLOTS.flatMap((slot) => {
      const words = slots[slot] ? (filled[slot]?.trim() ?? "") : "";
      return words === "" ? [] : [[slot, words]];
    }),
  ),
});

/** Every mistake at once; `undefined`: there is none. */
export function slotsProblem(template: Template, filled: FilledSlots): Problem | undefined {
  const mistakes = slotMistakes(template, filled);
  if (mistakes.length === 0) return undefined;
  const said = mistakes.map((mistake) => mistakeText(template, filled, mistake));
  return { code: "bad_args", text: lines(...said, text("poster.again", { template: template.id })) };
}

function mistakeText(template: Template, filled: FilledSlots, mistake: SlotMistake): Text {
  switch (mistake.kind) {
    case "missing":
      return text("problem.option.missing", {
        option: mistake.slot,
        about: text(`option.poster.${mistake.slot}`),
      });
    case "too-long":
      return text("problem.option.length", {
        option: mistake.slot,
        max: mistake.maxChars,
        length: filled[mistake.slot]?.length ?? 0,
      });
    case "not-asked":
      return text("problem.poster.not-asked", {
        template: templateName(template),
        slot: mistake.slot,
        slots: listed(wordSlotsOf(template), "commas"),
      });
    case "too-much":
      return text("problem.poster.too-much", { over: mistake.overChars });
  }
}
