import { z } from "zod";
import { LETTERING_PLACES } from "../../domain/lettering.ts";
import { generateProblem } from "../../domain/permissions.ts";
import { PROMPT_MAX_CHARS } from "../../domain/recipe.ts";
import { text } from "../../domain/text.ts";
import { fieldsOf, option, parseForm } from "../../ports/args.ts";
import type { Catalogue, Context, PressedJob } from "../../ports/command.ts";
import type { Outcome } from "../../ports/outcome.ts";
import { requestBehind } from "../derive/order.ts";
import { pressedPicture } from "../pictures/rules.ts";
import { typedWords } from "./layer.ts";
import { captionOutcome, whichOne } from "./outcomes.ts";

/** Words and where they stand: of /caption and of the form. */
export const captionFields = {
  text: option(z.string().trim().min(1).max(PROMPT_MAX_CHARS), {
    about: text("option.caption.text"),
    label: text("label.caption.text"),
    rest: true,
  }),
  place: option(z.enum(LETTERING_PLACES), {
    about: text("option.caption.place"),
    label: text("label.caption.place"),
    labels: {
      auto: text("choice.place.auto"),
      top: text("choice.place.top"),
      middle: text("choice.place.middle"),
      bottom: text("choice.place.bottom"),
    },
  }),
};

const captionForm = {
  name: "caption",
  args: z.strictObject({ text: captionFields.text, place: captionFields.place.optional() }),
  again: text("form.caption.again"),
};

/** The words that stand on a picture, to be changed. The answer comes back to the button of the same name. */
export function openCaptionForm(context: Context, subject: PressedJob): Outcome {
  const problem = generateProblem(context) ?? whichOne(subject);
  if (problem) return { do: "refuse", problem };
  const pressed = pressedPicture(subject);
  if (!pressed.ok) return { do: "refuse", problem: pressed.problem };
  const { picture } = pressed.value;
  const request = requestBehind(picture);
  const words = request.lettering?.words ?? context.words.layerIn(request.promptLines ?? request.prompt)?.words ?? [];
  const values = { text: typedWords(words, context.words), place: request.lettering?.place ?? "auto" };
  return {
    do: "form",
    form: {
      title: text("form.caption.title", { number: picture.number }),
      token: context.token("letters", { jobId: picture.jobId, pictures: picture.index }),
      submitLabel: text("button.set-words"),
      fields: fieldsOf(captionForm)
        // Where it was set in type, its layout decides.
        .filter(({ name }) => name !== "place" || !picture.recipe.typeset)
        .map((field) => ({ ...field, value: values[field.name as keyof typeof values] })),
    },
  };
}

/** The form, filled in. */
export function captionFromForm(
  context: Context,
  subject: PressedJob,
  catalogue: Pick<Catalogue, "styles">,
  values: Readonly<Record<string, unknown>>,
): Outcome {
  const filled = parseForm(captionForm, values, context.spoken);
  if (!filled.ok) return { do: "refuse", problem: filled.problem };
  return captionOutcome(context, subject, catalogue, filled.value.values);
}
