import type { APIModalInteractionResponseCallbackData as Modal } from "discord.js";
import { listed, text } from "../../src/domain/text.ts";
import { cutText } from "../../src/lib/text.ts";
import { SOURCE_LANGUAGE } from "../../src/messages/catalogue.ts";
import { render } from "../../src/messages/render.ts";
import type { ShownForm } from "../../src/ports/view.ts";
import { MODAL } from "./limits.ts";

type Field = ShownForm["fields"][number];

const LABEL = 18 as const;
const TEXT_INPUT = 4 as const;
const STRING_SELECT = 3 as const;
const ONE_LINE = 1;
const PARAGRAPH = 2;
/** Longer values get room for several lines. */
const ONE_LINE_MAX_CHARS = 100;

/**
 * A form as Discord's modal, with everything filled in. Pure. A modal has room for five fields: more are named in the last
 * one's description, and the core leaves them as they are.
 */
export function modalOf(form: ShownForm): Modal {
  const shown = form.fields.slice(0, MODAL.inputs);
  const others = form.fields.slice(MODAL.inputs).map(({ name, label }) => label ?? name);
  return {
    custom_id: form.token,
    title: cutText(form.title, MODAL.titleMaxChars),
    components: shown.map((field, index) => ({
      type: LABEL,
      label: cutText(field.label ?? field.name, MODAL.labelMaxChars),
      description: descriptionOf(field, index === shown.length - 1 ? others : [], form.language ?? SOURCE_LANGUAGE),
      component: inputOf(field),
    })),
  };
}

function descriptionOf({ summary }: Field, others: readonly string[], language: string): string {
  if (others.length === 0) return cutText(summary, MODAL.labelDescriptionMaxChars);
  const rest = render(text("discord.form-rest", { names: listed(others, "commas") }), language);
  const more = cutText(rest, MODAL.labelDescriptionMaxChars);
  const own = `${summary}. ${more}`;
  return own.length <= MODAL.labelDescriptionMaxChars ? own : more;
}

function inputOf(field: Field) {
  const { name, required, value = "", choices = [] } = field;
  const closed = choices.length > 0 && choices.length <= MODAL.selectOptions && !field.openChoices;
  if (closed && (value === "" || choices.some((choice) => choice.value === value)))
    return {
      type: STRING_SELECT,
      custom_id: name,
      required,
      options: choices.map((choice) => ({
        label: cutText(choice.label, 100),
        value: choice.value,
        ...(choice.value === value && { default: true }),
      })),
    };
  const maxChars = Math.min(MODAL.inputMaxChars, Math.max(field.maxChars ?? MODAL.inputMaxChars, value.length));
  const long = field.kind === "text" && (field.rest || maxChars > ONE_LINE_MAX_CHARS) && choices.length === 0;
  return {
    type: TEXT_INPUT,
    custom_id: name,
    style: long ? PARAGRAPH : ONE_LINE,
    required,
    max_length: maxChars,
    ...(value === "" ? {} : { value: cutText(value, MODAL.inputMaxChars) }),
  };
}
