import { createHash } from "node:crypto";
import { z } from "zod";
import type { TemplateSlot } from "../../domain/filled-template.ts";
import { generateProblem } from "../../domain/permissions.ts";
import { type FilledSlots, slotMaxChars, type Template } from "../../domain/template.ts";
import { slotLabel, templateAbout, templateName } from "../../domain/template-names.ts";
import { text } from "../../domain/text.ts";
import { cutText } from "../../lib/text.ts";
import { fieldsOf, option, parseForm } from "../../ports/args.ts";
import type { Catalogue, Context } from "../../ports/command.ts";
import type { Outcome } from "../../ports/outcome.ts";
import type { PosterTemplate } from "../../ports/poster-template.ts";
import { drawFields, noted } from "../draw/options.ts";
import { previewSizeOf } from "../draw/sample.ts";
import { isSlot, looksFields, slotFields } from "./options.ts";
import { type Looks, posterOutcome } from "./outcomes.ts";

/** Which template it is for, in the letters that a button's token has room for. */
export const templateKey = (templateId: string): string =>
  createHash("sha256").update(templateId).digest("hex").slice(0, 16);

export const posterArg = z.strictObject({ of: z.string().regex(/^[\da-f]{16}$/u) });

const EXAMPLE_MAX_CHARS = 70;

/** As a platform shows it that has a form of its own for it. */
export function posterTemplate(template: Template, catalogue: Pick<Catalogue, "styles">): PosterTemplate {
  const slots = fieldsOf(formOf(template, catalogue)).flatMap((field) => {
    const slot = isSlot(field.name) ? template.slots[field.name] : undefined;
    return slot ? [{ ...field, example: slot.example }] : [];
  });
  return {
    id: template.id,
    title: templateName(template),
    about: templateAbout(template),
    ...previewSizeOf(template),
    // What it cannot do without first, as in the form.
    slots: slots.toSorted((one, other) => Number(other.required) - Number(one.required)),
  };
}

export function formOf(template: Template, catalogue: Pick<Catalogue, "styles">) {
  const slots = Object.keys(slotFields).flatMap((name) => {
    const slot = template.slots[name as TemplateSlot];
    if (!isSlot(name) || !slot) return [];
    const field = z.string().trim().max(slotMaxChars(name));
    return [
      [
        name,
        option(slot.required ? field.min(1) : field.optional(), {
          about: text("option.poster.example", {
            words: cutText(slot.example.replace(/\s*\n\s*/gu, " / "), EXAMPLE_MAX_CHARS),
          }),
          label: slotLabel(template, name),
          ...(name === "title" ? { rest: true } : { phrase: true }),
        }),
      ] as const,
    ];
  });
  return {
    name: "poster",
    args: z.strictObject({
      ...Object.fromEntries(slots),
      ...looksFields(catalogue),
      brand: drawFields.brand.optional(),
    }),
    again: text("poster.again", { template: template.id }),
  };
}

/**
 * Asks for what the template's poster says.
 *
 * @param said with the command. Words are not among it: the smallest form has room for what a poster needs and for these.
 */
export function openPosterForm(
  context: Context,
  catalogue: Pick<Catalogue, "styles">,
  template: Template,
  said: Looks,
): Outcome {
  const problem = generateProblem(context);
  if (problem) return { do: "refuse", problem };
  const values: Readonly<Record<string, string | undefined>> = { ...said };
  // What it cannot do without stands first, then what was said: small forms leave the last fields out.
  const rank = (name: string, required: boolean) => (required ? 0 : values[name] === undefined ? 2 : 1);
  return {
    do: "form",
    form: {
      title: text("form.poster.title", { template: templateName(template) }),
      token: context.token("poster", "chat", { of: templateKey(template.id) }),
      submitLabel: text("button.make"),
      fields: fieldsOf(formOf(template, catalogue))
        .toSorted((one, other) => rank(one.name, one.required) - rank(other.name, other.required))
        .map((field) => ({ ...field, value: values[field.name] ?? "" })),
    },
  };
}

/** The form, filled in. */
export function posterFromForm(
  context: Context,
  catalogue: Pick<Catalogue, "styles" | "templates">,
  values: Readonly<Record<string, unknown>>,
  { of }: z.output<typeof posterArg>,
): Outcome {
  const template = catalogue.templates.find((one) => templateKey(one.id) === of);
  if (!template) return { do: "refuse", problem: { code: "expired", text: text("problem.poster.gone") } };
  const form = formOf(template, catalogue);
  const parsed = parseForm(form, values, context.spoken);
  if (!parsed.ok) return { do: "refuse", problem: parsed.problem };
  const { style, size, brand, ...filled } = parsed.value.values as FilledSlots & Looks;
  return noted(posterOutcome(context, catalogue, { template, filled, style, size, brand }), parsed.value.notes);
}
