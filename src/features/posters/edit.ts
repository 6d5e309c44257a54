import { TEMPLATE_SLOTS } from "../../domain/filled-template.ts";
import { type FilledSlots, promptOfTemplate, type Template } from "../../domain/template.ts";
import { templateName } from "../../domain/template-names.ts";
import { text } from "../../domain/text.ts";
import { fieldsOf, parseForm } from "../../ports/args.ts";
import type { Catalogue, Context } from "../../ports/command.ts";
import type { Outcome } from "../../ports/outcome.ts";
import type { FormSpec } from "../../ports/view.ts";
import { editForm, sizeValue, wordsField } from "../derive/edit-form.ts";
import { editOrder, type Parent, requestBehind } from "../derive/order.ts";
import { noted } from "../draw/options.ts";
import type { childStart } from "../pictures/rules.ts";
import { formOf } from "./form.ts";
import { filledTemplate, slotsProblem } from "./outcomes.ts";

// A poster is edited where it was filled in: another date, and the art stays.

type Here = Pick<Catalogue, "styles" | "templates">;

/** The template that a picture was made of, with its art as it was then; `undefined`: none, or it is here no more. */
function templateBehind(
  { templates }: Here,
  parent: Parent,
): { readonly template: Template; readonly filled: FilledSlots } | undefined {
  const { template: made } = requestBehind(parent.picture);
  const template = made && templates.find(({ id }) => id === made.id);
  if (!template) return undefined;
  // Its file may have changed since.
  const filled = Object.fromEntries(Object.entries(made.slots).filter(([slot]) => slot in template.slots));
  return { template: { ...template, art: made.art }, filled };
}

/** Edit: of a poster the form of its template, of any other picture its prompt and numbers. */
export function editFormFor(context: Pick<Context, "reads">, catalogue: Here, parent: Parent, token: string): FormSpec {
  const byWords = context.reads.picturesForWords() > 0;
  const behind = templateBehind(catalogue, parent);
  if (!behind) return editForm(parent, token, byWords);
  const { template, filled } = behind;
  const values = valuesOf(filled, parent);
  return {
    title: text("form.poster.title", { template: templateName(template) }),
    token,
    submitLabel: text("button.make"),
    fields: [
      ...wordsField(parent, byWords),
      ...fieldsOf(editedForm(template, catalogue))
        .toSorted((one, other) => rankOf(one, values) - rankOf(other, values))
        .map((field) => ({ ...field, value: values[field.name] ?? "" })),
    ],
  };
}

/** What was said stands before what was not: small forms leave the last fields out. */
const rankOf = ({ name, required }: { name: string; required: boolean }, values: Readonly<Record<string, string>>) =>
  required ? 0 : name === "size" ? 2 : (values[name] ?? "") === "" ? 3 : 1;

/** A style is chosen under the picture. */
function editedForm(template: Template, catalogue: Here) {
  const form = formOf(template, catalogue);
  return { ...form, args: form.args.omit({ style: true }) };
}

const valuesOf = (filled: FilledSlots, parent: Parent): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(Object.entries(filled).map(([slot, words]) => [slot, words ?? ""])),
  size: sizeValue(requestBehind(parent.picture)),
});

/**
 * The form, filled in; `undefined`: it is no poster's. Where nothing but its words became others, they alone are set anew, which is
 * free.
 */
export function editedPoster(
  context: Context,
  catalogue: Here,
  start: Extract<ReturnType<typeof childStart>, { ok: true }>["value"],
  values: Readonly<Record<string, unknown>>,
): Outcome | undefined {
  const { parent, style } = start;
  const behind = templateBehind(catalogue, parent);
  if (!behind) return undefined;
  const { template, filled: before } = behind;
  const form = { ...editedForm(template, catalogue), before: valuesOf(before, parent) };
  // A field that a small form left out says what it said.
  const parsed = parseForm(form, { ...before, ...values }, context.spoken);
  if (!parsed.ok) return { do: "refuse", problem: parsed.problem };
  const { size, ...filled } = parsed.value.values as FilledSlots & { readonly size?: string };
  const problem = slotsProblem(template, filled);
  if (problem) return { do: "refuse", problem };
  const isSame = TEMPLATE_SLOTS.every((slot) => (filled[slot]?.trim() ?? "") === (before[slot] ?? ""));
  const words = isSame
    ? {}
    : { prompt: promptOfTemplate(template, filled), template: filledTemplate(template, filled) };
  const order = editOrder(context, style, parent, { ...words, ...(size === undefined ? {} : { size }) });
  if (!order.ok) return { do: "refuse", problem: order.problem };
  const free = parent.picture.recipe.typeset === true && order.value.lettersOver === undefined;
  return noted({ do: "draw", order: order.value, ...(free ? { free: true as const } : {}) }, parsed.value.notes);
}
