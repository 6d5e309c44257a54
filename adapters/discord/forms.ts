import type { APIComponentInLabel, APIModalInteractionResponseCallbackData as Modal } from "discord.js";
import { listed, text } from "../../src/domain/text.ts";
import { cutText } from "../../src/lib/text.ts";
import { SOURCE_LANGUAGE } from "../../src/messages/catalogue.ts";
import { render } from "../../src/messages/render.ts";
import type { Picks } from "../../src/ports/option.ts";
import type { ShownForm } from "../../src/ports/view.ts";
import { MODAL } from "./limits.ts";
import { encodePicks, pickedIds } from "./picking.ts";

type Field = ShownForm["fields"][number];

const LABEL = 18 as const;
const TEXT_INPUT = 4 as const;
const STRING_SELECT = 3 as const;
const PICKERS = {
  members: { type: 5 },
  roles: { type: 6 },
  // Text, announcements, threads, forum: where pictures can be asked for.
  channels: { type: 8, channel_types: [0, 5, 11, 12, 15] },
} as const;
const DEFAULT_OF = { members: "user", roles: "role", channels: "channel" } as const;
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

/** The platform's own. Nothing picked is an answer, too. */
const pickerOf = (name: string, picks: Picks, ids: readonly string[]) =>
  // The types of discord.js name these kinds by enums of its own.
  ({
    ...PICKERS[picks.of],
    custom_id: encodePicks(name, picks),
    required: false,
    min_values: 0,
    max_values: MODAL.picked,
    ...(ids.length > 0 && { default_values: ids.map((id) => ({ id, type: DEFAULT_OF[picks.of] })) }),
  }) as APIComponentInLabel;

function inputOf(field: Field) {
  const { required, value = "", choices = [], picks } = field;
  const picked = picks && !picks.weighted ? pickedIds(value, picks) : undefined;
  if (picks && picked && picked.length <= MODAL.picked) return pickerOf(field.name, picks, picked);
  // What is written into a list of roles is read as one.
  const name = picks ? encodePicks(field.name, picks) : field.name;
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
