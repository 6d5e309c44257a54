import { z } from "zod";
import { GIVEN_IMAGE_MAX_BYTES } from "../../domain/given-image.ts";
import { generateProblem } from "../../domain/permissions.ts";
import { text } from "../../domain/text.ts";
import { fieldsOf, option, parseForm } from "../../ports/args.ts";
import type { Catalogue, Context } from "../../ports/command.ts";
import type { Outcome } from "../../ports/outcome.ts";
import { byWordsOutcome } from "../derive/by-words.ts";
import { styleOfRequest } from "../pictures/rules.ts";
import { givenImageProblem } from "./attached-image.ts";
import { modelOption } from "./models.ts";
import { drawFields, drawFrom, noted, styleOption } from "./options.ts";
import { CHANGE_DEFAULT } from "./order.ts";

// "Use this picture", or a drawing command with nothing behind it: without a word, so what is to be drawn is asked for.

/** Shown where they were given with the command; five fields are all that some platforms show. They can stand between the words, too. */
const extraFields = {
  size: drawFields.size.optional(),
  seed: drawFields.seed.optional(),
  cfg: drawFields.cfg.optional(),
  steps: drawFields.steps.optional(),
  scale: drawFields.scale.optional(),
  negative: drawFields.negative.optional(),
  width: drawFields.width.optional(),
  height: drawFields.height.optional(),
  truecfg: drawFields.truecfg.optional(),
  letter: drawFields.letter.optional(),
  brand: drawFields.brand.optional(),
  model: modelOption,
  count: option(drawFields.count.unwrap().optional(), { about: text("option.count"), label: text("label.count") }),
};

/** What the form is about: a picture that was given, or words alone. Says the arg of its button's token. */
export const startArg = z.strictObject({ of: z.literal("words").optional() });

const startArgs = (catalogue: Pick<Catalogue, "styles">) =>
  z.strictObject({
    prompt: drawFields.prompt,
    style: styleOption(catalogue.styles).optional(),
    change: drawFields.change.optional(),
    ...extraFields,
  });

/** "Say what to change" beside the whole prompt, where something here changes pictures by words: one of the two is enough. */
const changeArgs = (catalogue: Pick<Catalogue, "styles">) => {
  const { prompt, ...others } = startArgs(catalogue).shape;
  return z.strictObject({
    words: option(drawFields.prompt.optional(), {
      about: text("option.to-change"),
      label: text("label.to-change"),
      rest: false,
    }),
    prompt: prompt.optional(),
    ...others,
  });
};
const changeFields = (catalogue: Pick<Catalogue, "styles">) => ({
  name: "start",
  args: changeArgs(catalogue),
  again: text("form.start.again"),
});

const startFields = (catalogue: Pick<Catalogue, "styles">) => ({
  name: "start",
  args: startArgs(catalogue),
  again: text("form.start.again"),
});
const wordsFields = (catalogue: Pick<Catalogue, "styles">) => ({
  name: "start",
  args: startArgs(catalogue).omit({ change: true }),
  again: text("form.words.again"),
});

/** Asks what to draw, or what the attached picture should become; the picture is kept until the answer. */
export function startForm(
  context: Context,
  catalogue: Pick<Catalogue, "styles">,
  given: Partial<Record<string, string | number | undefined>>,
): Outcome {
  const problem = generateProblem(context) ?? givenImageProblem(context);
  const [startFrom] = context.attachments;
  if (problem) return { do: "refuse", problem };
  const said = Object.entries(given).flatMap(([name, value]) =>
    value === undefined || name === "prompt" ? [] : [[name, String(value)] as const],
  );
  const values: Readonly<Record<string, string>> = {
    style: context.rules.style,
    ...(startFrom ? { change: String(CHANGE_DEFAULT) } : {}),
    ...Object.fromEntries(said),
  };
  // What was said stands first: small forms leave the last fields out.
  const byWords = startFrom !== undefined && context.reads.picturesForWords() > 0;
  const names = new Set([
    ...(byWords ? ["words"] : []),
    "prompt",
    ...said.map(([name]) => name),
    "style",
    startFrom ? "change" : "size",
  ]);
  const asked = startFrom ? (byWords ? changeFields(catalogue) : startFields(catalogue)) : wordsFields(catalogue);
  const fields = new Map(fieldsOf(asked).map((field) => [field.name, field]));
  return {
    do: "form",
    form: {
      title: text(startFrom ? "form.start.title" : "form.words.title"),
      token: startFrom ? context.token("start", "chat") : context.token("start", "chat", { of: "words" }),
      submitLabel: text("button.make"),
      fields: [...names].flatMap((name) => {
        const field = fields.get(name);
        return field ? [{ ...field, value: values[name] ?? "" }] : [];
      }),
    },
    ...(startFrom ? { startFrom } : {}),
  };
}

/** Of a drawing command; files are no text of a form, and one picture is what there is without a word. */
export const unsaidForm = (
  context: Context,
  catalogue: Pick<Catalogue, "styles">,
  { image: _file, count, ...given }: Readonly<Record<string, unknown>>,
): Outcome =>
  startForm(context, catalogue, {
    ...(given as Parameters<typeof startForm>[2]),
    ...(typeof count === "number" && count > 1 ? { count } : {}),
  });

/** The form's answer. */
export async function startOutcome(
  context: Context,
  catalogue: Pick<Catalogue, "styles">,
  values: Readonly<Record<string, unknown>>,
  { of }: z.output<typeof startArg> = {},
): Promise<Outcome> {
  if (of === "words") {
    const filled = parseForm(wordsFields(catalogue), values, context.spoken);
    if (!filled.ok) return { do: "refuse", problem: filled.problem };
    const { style: styleId, ...options } = filled.value.values;
    const style = styleOfRequest(catalogue, styleId ?? context.rules.style);
    if (!style.ok) return { do: "refuse", problem: style.problem };
    return noted(drawFrom(context, style.value, options, undefined), filled.value.notes);
  }
  const filled = parseForm(changeFields(catalogue), values, context.spoken);
  if (!filled.ok) return { do: "refuse", problem: filled.problem };
  const { style: styleId, words = "", prompt = "", ...options } = filled.value.values;
  const style = styleOfRequest(catalogue, styleId ?? context.rules.style);
  if (!style.ok) return { do: "refuse", problem: style.problem };
  if (words === "" && prompt === "")
    return { do: "refuse", problem: { code: "bad_args", text: text("problem.edit.say") } };
  if (words !== "" && prompt !== "")
    return { do: "refuse", problem: { code: "bad_args", text: text("problem.edit.both") } };
  const pending = await context.reads.pendingImage();
  if (!pending || pending.length > GIVEN_IMAGE_MAX_BYTES)
    return {
      do: "refuse",
      problem: { code: "expired", text: text("problem.start.gone") },
    };
  if (words !== "") {
    const { size, seed, cfg, steps, scale, negative } = options;
    const said = { words, size, seed, cfg, steps, scale, negative };
    const given = { from: "given", bytes: pending } as const;
    return noted(await byWordsOutcome(context, style.value, [given], said), filled.value.notes);
  }
  return noted(
    drawFrom(context, style.value, { change: CHANGE_DEFAULT, ...options, prompt }, pending),
    filled.value.notes,
  );
}
