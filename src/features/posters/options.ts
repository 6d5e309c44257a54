import { z } from "zod";
import { TEMPLATE_SLOTS, type TemplateSlot } from "../../domain/filled-template.ts";
import { slotMaxChars, type Template } from "../../domain/template.ts";
import { templateName } from "../../domain/template-names.ts";
import { text } from "../../domain/text.ts";
import { option } from "../../ports/args.ts";
import type { Catalogue } from "../../ports/command.ts";
import { drawFields, styleOption } from "../draw/options.ts";

const words = (slot: TemplateSlot) =>
  option(z.string().trim().min(1).max(slotMaxChars(slot)), {
    about: text(`option.poster.${slot}`),
    label: text(`label.poster.${slot}`),
    // What belongs to no option is what a poster shouts.
    ...(slot === "title" ? { rest: true } : { phrase: true }),
  });

/** Of every template: which of them one asks for is checked against it. */
export const slotFields = {
  title: words("title"),
  when: words("when"),
  where: words("where"),
  who: words("who"),
  link: words("link"),
  subtitle: words("subtitle"),
  list: words("list"),
} satisfies Readonly<Record<TemplateSlot, unknown>>;

export const templateOption = (templates: readonly Template[]) =>
  option(z.enum(templates.map(({ id }) => id)), {
    about: text("option.poster.template"),
    label: text("label.poster.template"),
    labels: Object.fromEntries(templates.map((template) => [template.id, templateName(template)])),
  });

/** Beside its words. */
export const looksFields = (catalogue: Pick<Catalogue, "styles">) => ({
  style: styleOption(catalogue.styles).optional(),
  size: option(drawFields.size.optional(), { fallback: text("option.poster.size.default") }),
});

export const isSlot = (name: string): name is TemplateSlot => (TEMPLATE_SLOTS as readonly string[]).includes(name);
