import { randomBytes } from "node:crypto";
import type { InlineKeyboardButton, InlineKeyboardMarkup } from "grammy/types";
import { z } from "zod";
import type { Place } from "../../src/domain/place.ts";
import { lines, sentences, type Text, text } from "../../src/domain/text.ts";
import { cutText } from "../../src/lib/text.ts";
import { SOURCE_LANGUAGE } from "../../src/messages/catalogue.ts";
import { render } from "../../src/messages/render.ts";
import type { ModuleServices } from "../../src/ports/module.ts";
import type { ShownOption } from "../../src/ports/option.ts";
import type { ShownForm } from "../../src/ports/view.ts";
import type { Calls } from "./calls.ts";
import { type Destination, entitiesOf, NO_PREVIEW } from "./framing.ts";
import { encodeOwn, inRows } from "./keyboard.ts";
import { placeSchema } from "./notes.ts";
import type { Questions } from "./questions.ts";
import type { Sending } from "./sending.ts";
import { bold, type Piece, type Styled, styled } from "./text.ts";

const OPEN_FOR_MS = 3_600_000;
/** In a row of its own; a phone shows about 45 of them. */
const BUTTON_MAX_CHARS = 60;

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
  | { readonly done: "refused"; readonly why: Text };

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
  const forms = deps.values("form", openForm);

  async function show(one: OpenForm, words: Styled, keyboard: InlineKeyboardMarkup): Promise<void> {
    await calls.edit(one.chatId, "answer", (api, chat) =>
      api.editMessageText(chat, one.messageId, words.text, {
        entities: entitiesOf(words),
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

  async function askFor(formId: string, one: OpenForm, field: ShownForm["fields"][number]): Promise<void> {
    const to = { chatId: one.chatId, ...(one.threadId === undefined ? {} : { threadId: one.threadId }) };
    await deps.questions.ask(
      to,
      { name: one.memberName, memberId: one.memberId },
      {
        text: [`${calledBy(field)}: ${aboutField(one, field)}`],
        placeholder: calledBy(field),
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
        .other(one.chatId, "spare", (api, chat) => api.deleteMessage(chat, one.messageId))
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
      if (!one || one.untilMs < nowMs()) return { done: "refused", why: text("telegram.answer.form-closed") };
      if (one.memberId !== who.memberId)
        return { done: "refused", why: text("telegram.answer.form-others", { name: one.memberName }) };
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
          const choice = field && choicesOf(field, languageOf(one))[Number(choiceAt)];
          if (field && choice) await set(formId, one, field, choice.value);
          return { done: "shown" };
        }
        case "o":
        case "f": {
          if (!field) return { done: "shown" };
          const asks = verb === "o" || choicesOf(field, languageOf(one)).length === 0;
          await (asks
            ? askFor(formId, one, field)
            : show(one, fieldText(one, field), fieldKeyboard(formId, one, field)));
          return { done: "shown" };
        }
        default:
          return { done: "shown" };
      }
    },

    async filled(formId, name, words) {
      const one = await forms.get(formId);
      const field = one?.form.fields.find((each) => each.name === name);
      if (one && field) await set(formId, one, field, words.trim());
    },

    async sweep(atMs) {
      for (const [id, { untilMs }] of await forms.entries()) if (untilMs < atMs) await forms.delete(id);
    },
  };
}

const languageOf = ({ form }: Pick<OpenForm, "form">): string => form.language ?? SOURCE_LANGUAGE;

/** What can be chosen by a button; numbers and texts without suggestions are asked for. */
export function choicesOf(
  field: ShownOption,
  language: string,
): readonly { readonly value: string; readonly label: string }[] {
  if (field.choices) return field.choices.slice(0, 60);
  if (field.kind === "boolean")
    return [
      { value: "yes", label: render(text("choice.yes"), language) },
      { value: "no", label: render(text("choice.no"), language) },
    ];
  const { min, max } = field;
  const few = field.kind === "integer" && min !== undefined && max !== undefined && max - min <= 9;
  const numbers = few ? Array.from({ length: max - min + 1 }, (_, at) => String(min + at)) : [];
  return [...numbers, ...(field.words ?? [])].map((word) => ({ value: word, label: word }));
}

/** Other values pass too: they are typed. */
const takesOthers = (field: ShownOption): boolean =>
  field.openChoices === true ||
  ((field.kind === "integer" || field.kind === "number") &&
    !choicesOf(field, SOURCE_LANGUAGE).some(({ value }) => /^\d+$/.test(value)));

function menuText(one: OpenForm): Styled {
  const { form, values } = one;
  const rows = form.fields.flatMap((field): readonly Piece[] => [
    "\n",
    bold(`${calledBy(field)}:`),
    ` ${labelOf(one, field, values[field.name])}`,
  ]);
  const choose = render(text("telegram.form.choose", { button: form.submitLabel }), languageOf(one));
  return styled(bold(form.title), ...rows, `\n\n${choose}`);
}

const labelOf = (one: OpenForm, field: ShownOption, value: string | undefined): string =>
  choicesOf(field, languageOf(one)).find((choice) => choice.value === value)?.label ?? value ?? "–";

const calledBy = ({ label, name }: ShownForm["fields"][number]): string => label ?? name;

const fieldText = (one: OpenForm, field: ShownForm["fields"][number]): Styled =>
  styled(bold(`${one.form.title}: ${calledBy(field)}`), `\n${aboutField(one, field)}`);

/** What it is, what it takes, and what it is now. */
function aboutField(one: OpenForm, field: ShownOption): string {
  const value = one.values[field.name];
  const { min, max } = field;
  const about = lines(
    field.summary,
    sentences(
      min !== undefined && max !== undefined ? text("telegram.form.range", { min, max }) : undefined,
      value === undefined || value === ""
        ? text("telegram.form.now-empty")
        : text("telegram.form.now-value", { value: labelOf(one, field, value) }),
    ),
  );
  return render(about, languageOf(one));
}

function ownButton(formId: string, step: string, label: string, style?: "primary" | "danger"): InlineKeyboardButton {
  const data = encodeOwn({ kind: "form", formId, step }) ?? "";
  return { text: label, callback_data: data, ...(style ? { style } : {}) };
}

function menuKeyboard(formId: string, one: OpenForm): InlineKeyboardMarkup {
  const { form, values } = one;
  const fields = form.fields.map((field, at) =>
    ownButton(
      formId,
      `f${at}`,
      cutText(`${calledBy(field)}: ${labelOf(one, field, values[field.name])}`, BUTTON_MAX_CHARS),
    ),
  );
  const cancel = render(text("telegram.button.cancel"), languageOf(one));
  return {
    inline_keyboard: [
      ...inRows(fields),
      [ownButton(formId, "s", form.submitLabel, "primary"), ownButton(formId, "x", cancel, "danger")],
    ],
  };
}

function fieldKeyboard(formId: string, one: OpenForm, field: ShownOption): InlineKeyboardMarkup {
  const { form, values } = one;
  const language = languageOf(one);
  const at = form.fields.findIndex((each) => each.name === field.name);
  const choices = choicesOf(field, language).map(({ value, label }, index) =>
    ownButton(
      formId,
      `c${at}.${index}`,
      cutText(value === values[field.name] ? `✓ ${label}` : label, BUTTON_MAX_CHARS),
    ),
  );
  const others = takesOthers(field)
    ? [ownButton(formId, `o${at}`, render(text("telegram.button.other"), language))]
    : [];
  const keep = ownButton(formId, "b", render(text("telegram.button.keep"), language));
  return { inline_keyboard: [...inRows(choices), [...others, keep]] };
}
