import { randomBytes } from "node:crypto";
import type { InlineKeyboardButton, InlineKeyboardMarkup } from "grammy/types";
import { z } from "zod";
import type { Place } from "../../src/domain/place.ts";
import { cutText } from "../../src/lib/text.ts";
import type { ModuleServices } from "../../src/ports/module.ts";
import type { ShownOption } from "../../src/ports/option.ts";
import type { ShownForm } from "../../src/ports/view.ts";
import type { Calls } from "./calls.ts";
import { encodeOwn, inRows } from "./keyboard.ts";
import { placeSchema } from "./notes.ts";
import type { Questions } from "./questions.ts";
import { type Destination, entitiesOf, NO_PREVIEW, type Sending } from "./sending.ts";
import { storedJson } from "./stored-values.ts";
import { bold, type Piece, type Styled, styled } from "./text.ts";

const OPEN_FOR_MS = 3_600_000;

const openForm = z.object({
  memberId: z.string(),
  memberName: z.string(),
  untilMs: z.number(),
  place: placeSchema,
  form: z.custom<ShownForm>((value) => typeof value === "object" && value !== null && "fields" in value),
  values: z.record(z.string(), z.string()),
  chatId: z.string(),
  threadId: z.string().optional(),
  messageId: z.int(),
});
type OpenForm = z.output<typeof openForm>;

/** What a press in a form led to. */
type FormStep =
  | {
      readonly done: "sent";
      readonly token: string;
      readonly values: Readonly<Record<string, string>>;
      readonly place: Place;
    }
  | { readonly done: "shown" }
  /** For the presser alone. */
  | { readonly done: "refused"; readonly text: string };

/** Forms that are mostly choices: one message with a button for each field, and one for each value of it. */
export interface Forms {
  /** @throws ChatError */
  open(
    to: Destination,
    who: { readonly name: string; readonly memberId: string },
    form: ShownForm,
    place: Place,
  ): Promise<void>;
  press(formId: string, step: string, who: { readonly memberId: string }): Promise<FormStep>;
  /** A field that was asked for in words. */
  filled(formId: string, field: string, text: string): Promise<void>;
  /** It was sent: its message leaves the chat. */
  close(formId: string): Promise<void>;
  sweep(nowMs: number): Promise<void>;
}

export function createForms(deps: {
  readonly calls: Calls;
  readonly sending: Sending;
  readonly questions: Questions;
  readonly values: ModuleServices["values"];
  readonly nowMs: () => number;
}): Forms {
  const { calls, nowMs } = deps;
  const forms = storedJson(deps.values, "form:", openForm);

  async function show(one: OpenForm, text: Styled, keyboard: InlineKeyboardMarkup): Promise<void> {
    await calls.edit(one.chatId, "edit", (api, chat) =>
      api.editMessageText(chat, one.messageId, text.text, {
        entities: entitiesOf(text),
        ...NO_PREVIEW,
        reply_markup: keyboard,
      }),
    );
  }

  const showMenu = (formId: string, one: OpenForm) => show(one, menuText(one), menuKeyboard(formId, one));

  async function set(formId: string, one: OpenForm, field: ShownOption, value: string): Promise<void> {
    const changed = { ...one, values: { ...one.values, [field.name]: value } };
    await forms.set(formId, changed);
    await showMenu(formId, changed);
  }

  async function askFor(formId: string, one: OpenForm, field: ShownOption): Promise<void> {
    const to = { chatId: one.chatId, ...(one.threadId === undefined ? {} : { threadId: one.threadId }) };
    await deps.questions.ask(
      to,
      { name: one.memberName, memberId: one.memberId },
      {
        text: [`${field.name}: ${field.summary}${rangeText(field)}. Now it is ${one.values[field.name] ?? "empty"}.`],
        placeholder: `${field.name}`,
        place: one.place,
        about: { kind: "field", formId, field: field.name },
      },
    );
  }

  async function close(formId: string): Promise<void> {
    const one = await forms.get(formId);
    await forms.delete(formId);
    if (one)
      await calls
        .other(one.chatId, (api, chat) => api.deleteMessage(chat, one.messageId))
        .catch(() => {
          // Somebody deleted it first, which is what was wanted.
        });
  }

  return {
    close,
    async open(to, who, form, place) {
      const formId = randomBytes(6).toString("base64url");
      const values = Object.fromEntries(
        form.fields.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])),
      );
      const draft: OpenForm = {
        memberId: who.memberId,
        memberName: who.name,
        untilMs: nowMs() + OPEN_FOR_MS,
        place,
        form,
        values,
        chatId: to.chatId,
        ...(to.threadId === undefined ? {} : { threadId: to.threadId }),
        messageId: 0,
      };
      const messageId = await deps.sending.text(to, menuText(draft), menuKeyboard(formId, draft));
      await forms.set(formId, { ...draft, messageId });
    },

    async press(formId, step, who) {
      const one = await forms.get(formId);
      if (!one || one.untilMs < nowMs())
        return { done: "refused", text: "This form is closed. Open it again where you opened it." };
      if (one.memberId !== who.memberId)
        return { done: "refused", text: `${one.memberName} is filling this in. Open one of your own.` };
      const [, verb, fieldAt = "", choiceAt] = /^([fcobsx])(\d{1,2})?(?:\.(\d{1,2}))?$/.exec(step) ?? [];
      const field = one.form.fields[Number(fieldAt)];
      switch (verb) {
        case "s":
          return { done: "sent", token: one.form.token, values: one.values, place: one.place };
        case "x":
          await close(formId);
          return { done: "shown" };
        case "b":
          await showMenu(formId, one);
          return { done: "shown" };
        case "c": {
          const choice = field && choicesOf(field)[Number(choiceAt)];
          if (field && choice) await set(formId, one, field, choice.value);
          return { done: "shown" };
        }
        case "o":
        case "f": {
          if (!field) return { done: "shown" };
          const asks = verb === "o" || choicesOf(field).length === 0;
          await (asks
            ? askFor(formId, one, field)
            : show(one, fieldText(one, field), fieldKeyboard(formId, one, field)));
          return { done: "shown" };
        }
        default:
          return { done: "shown" };
      }
    },

    async filled(formId, name, text) {
      const one = await forms.get(formId);
      const field = one?.form.fields.find((each) => each.name === name);
      if (one && field) await set(formId, one, field, text.trim());
    },

    async sweep(atMs) {
      for (const [id, { untilMs }] of await forms.entries()) if (untilMs < atMs) await forms.delete(id);
    },
  };
}

/** What can be chosen by a button; numbers and texts without suggestions are asked for. */
export function choicesOf(field: ShownOption): readonly { readonly value: string; readonly label: string }[] {
  if (field.choices) return field.choices.slice(0, 60);
  if (field.kind === "boolean") return ["yes", "no"].map((word) => ({ value: word, label: word }));
  const { min, max } = field;
  const few = field.kind === "integer" && min !== undefined && max !== undefined && max - min <= 9;
  const numbers = few ? Array.from({ length: max - min + 1 }, (_, at) => String(min + at)) : [];
  return [...numbers, ...(field.words ?? [])].map((word) => ({ value: word, label: word }));
}

/** Other values pass too: they are typed. */
const takesOthers = (field: ShownOption): boolean =>
  field.openChoices === true ||
  ((field.kind === "integer" || field.kind === "number") && !choicesOf(field).some(({ value }) => /^\d+$/.test(value)));

function menuText({ form, values }: OpenForm): Styled {
  const lines = form.fields.flatMap((field): readonly Piece[] => [
    "\n",
    bold(`${field.name}:`),
    ` ${labelOf(field, values[field.name])}`,
  ]);
  return styled(bold(form.title), ...lines, `\n\nChoose what to change, then ${form.submitLabel}.`);
}

const labelOf = (field: ShownOption, value: string | undefined): string =>
  field.choices?.find((choice) => choice.value === value)?.label ?? value ?? "–";

const fieldText = (one: OpenForm, field: ShownOption): Styled =>
  styled(
    bold(`${one.form.title}: ${field.name}`),
    `\n${field.summary}${rangeText(field)}. Now it is ${labelOf(field, one.values[field.name])}.`,
  );

const rangeText = ({ min, max }: ShownOption): string =>
  min !== undefined && max !== undefined ? ` (${min} to ${max})` : "";

function ownButton(formId: string, step: string, text: string, style?: "primary" | "danger"): InlineKeyboardButton {
  const data = encodeOwn({ kind: "form", formId, step }) ?? "";
  return { text, callback_data: data, ...(style ? { style } : {}) };
}

function menuKeyboard(formId: string, { form, values }: OpenForm): InlineKeyboardMarkup {
  const fields = form.fields.map((field, at) =>
    ownButton(formId, `f${at}`, cutText(`${field.name}: ${values[field.name] ?? "–"}`, 28)),
  );
  return {
    inline_keyboard: [
      ...inRows(fields),
      [ownButton(formId, "s", form.submitLabel, "primary"), ownButton(formId, "x", "Cancel", "danger")],
    ],
  };
}

function fieldKeyboard(formId: string, { form, values }: OpenForm, field: ShownOption): InlineKeyboardMarkup {
  const at = form.fields.findIndex((each) => each.name === field.name);
  const choices = choicesOf(field).map(({ value, label }, index) =>
    ownButton(formId, `c${at}.${index}`, cutText(value === values[field.name] ? `✓ ${label}` : label, 28)),
  );
  const others = takesOthers(field) ? [ownButton(formId, `o${at}`, "Other…")] : [];
  return { inline_keyboard: [...inRows(choices), [...others, ownButton(formId, "b", "Keep")]] };
}
