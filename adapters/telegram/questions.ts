import { z } from "zod";
import type { Place } from "../../src/domain/place.ts";
import { type Text, text, verbatim } from "../../src/domain/text.ts";
import { asError } from "../../src/lib/error.ts";
import { cutText } from "../../src/lib/text.ts";
import { SOURCE_LANGUAGE } from "../../src/messages/catalogue.ts";
import { parseText } from "../../src/ports/args.ts";
import type { Log } from "../../src/ports/log.ts";
import type { ModuleServices } from "../../src/ports/module.ts";
import type { CommandSpec, OptionSpec } from "../../src/ports/option.ts";
import { optionIn } from "../../src/ports/option.ts";
import type { ShownForm } from "../../src/ports/view.ts";
import type { Calls } from "./calls.ts";
import type { Destination } from "./framing.ts";
import { LIMITS } from "./limits.ts";
import { placeSchema } from "./notes.ts";
import { userIdOf } from "./reply.ts";
import type { Sending } from "./sending.ts";
import { code, cutStyled, memberName, type Piece, pieced, slot, styled } from "./text.ts";

/** An answer that comes later is about something nobody remembers. */
const OPEN_FOR_MS = 3_600_000;
/** Stands where a value would. */
const UNSAID = "…";

const fileRef = z.object({ fileId: z.string(), name: z.string(), mime: z.string(), sizeBytes: z.number() });
const formSchema = z.custom<ShownForm>((value) => typeof value === "object" && value !== null && "fields" in value);

const questionSchema = z.object({
  memberId: z.string(),
  untilMs: z.number(),
  /** Where the answer counts: a form about a group may be filled in elsewhere. */
  place: placeSchema,
  about: z.discriminatedUnion("kind", [
    /** The words of a command, typed without any. */
    z.object({ kind: z.literal("command"), commandName: z.string(), text: z.string(), files: z.array(fileRef) }),
    /** A form whose main field is words. */
    z.object({ kind: z.literal("form"), form: formSchema }),
    /** One field of a form of buttons. */
    z.object({ kind: z.literal("field"), formId: z.string(), field: z.string() }),
  ]),
});
export type Question = z.output<typeof questionSchema>;

export interface Questions {
  /** Asks, with the input open for the answer. @throws ChatError */
  ask(to: Destination, who: { readonly name: string; readonly memberId: string }, asked: Asked): Promise<void>;
  /** The question these words answer; in a private chat the newest open one needs no reply. */
  answeredBy(words: {
    readonly chatId: string;
    readonly memberId: string;
    readonly inPrivate: boolean;
    readonly repliedTo?: number;
  }): Promise<{ readonly messageId: number; readonly question: Question } | undefined>;
  /** It was answered: the question leaves the chat. */
  close(chatId: string, messageId: number): Promise<void>;
  sweep(nowMs: number): Promise<void>;
}

interface Asked {
  readonly text: readonly Piece[];
  /** In the empty input. */
  readonly placeholder: string;
  readonly place: Place;
  readonly about: Question["about"];
}

export function createQuestions(deps: {
  readonly calls: Calls;
  readonly sending: Sending;
  readonly values: ModuleServices["values"];
  readonly nowMs: () => number;
  readonly log: Log;
}): Questions {
  const { calls, values, nowMs } = deps;
  const questions = values("question", questionSchema);
  const newest = values("newest-question", z.int());
  const keyOf = (chatId: string, messageId: number) => `${chatId}:${messageId}`;

  return {
    async ask(to, who, asked) {
      const userId = userIdOf(who.memberId);
      // A forced reply is for whoever is named, or whose message is answered; without either everybody would get it.
      const name: readonly Piece[] =
        to.replyTo === undefined && to.chatId.startsWith("-") && userId !== undefined
          ? [memberName(who.name, userId), ": "]
          : [];
      const question = cutStyled(styled(...name, ...asked.text), LIMITS.textMaxChars);
      const messageId = await deps.sending.text(to, question, {
        force_reply: true,
        selective: true,
        input_field_placeholder: cutText(asked.placeholder, LIMITS.inputPlaceholderMaxChars),
      });
      await questions.set(keyOf(to.chatId, messageId), {
        memberId: who.memberId,
        untilMs: nowMs() + OPEN_FOR_MS,
        place: asked.place,
        about: asked.about,
      });
      await newest.set(to.chatId, messageId);
    },

    async answeredBy({ chatId, memberId, inPrivate, repliedTo }) {
      const messageId = repliedTo ?? (inPrivate ? await newest.get(chatId) : undefined);
      const question = messageId === undefined ? undefined : await questions.get(keyOf(chatId, messageId));
      if (!question || messageId === undefined || question.untilMs < nowMs()) return undefined;
      return question.memberId === memberId ? { messageId, question } : undefined;
    },

    async close(chatId, messageId) {
      await questions.delete(keyOf(chatId, messageId));
      if ((await newest.get(chatId)) === messageId) await newest.delete(chatId);
      await calls
        .other(chatId, "spare", (api, chat) => api.deleteMessage(chat, messageId))
        .catch((error: unknown) => deps.log.debug("telegram.question_left", { error: asError(error) }));
    },

    async sweep(atMs) {
      for (const [key, { untilMs }] of await questions.entries()) if (untilMs < atMs) await questions.delete(key);
    },
  };
}

/** The words a command cannot do without, when none were typed. */
export function missingWords(spec: CommandSpec, given: string): OptionSpec | undefined {
  const words = spec.options.find(({ rest, required, kind }) => rest && required && kind === "text");
  const typed = words && parseText(spec, given).values[words.name];
  return words && (typed === undefined || typed.trim() === "") ? words : undefined;
}

/** What a command still lacks, asked for in this language. */
export function commandQuestion(spec: CommandSpec, words: OptionSpec, language: string): readonly Piece[] {
  const isPrompt = spec.options.some(({ name }) => name === "seed");
  return isPrompt
    ? pieced(text("telegram.question.prompt", { example: slot(0) }), language, [code("size:poster")])
    : pieced(text("telegram.question.words", { command: `/${spec.name}`, what: words.summary }), language);
}

/** A form that is mostly words: they are asked for, and the settings may be typed among them as in a command. */
export function formQuestion(form: ShownForm, words: ShownForm["fields"][number]): readonly Piece[] {
  const language = form.language ?? SOURCE_LANGUAGE;
  const others = form.fields.filter((field) => field !== words && field.kind !== "attachment");
  const [first] = others;
  const asked = words.value ? text("telegram.form.new-words") : askedIn(words);
  return [
    `${form.title}\n`,
    ...pieced(asked, language),
    ...(first
      ? [" ", ...pieced(text("telegram.form.settings-too", { example: slot(0) }), language, [code(typedField(first))])]
      : []),
    ...(words.value ? ["\n", ...pieced(text("telegram.form.now"), language), "\n", code(words.value)] : []),
    ...(others.length > 0 ? ["\n", code(others.map(typedField).join(" "))] : []),
  ];
}

/** A prompt is drawn; what else is asked for says itself what it is. */
const askedIn = ({ name, summary }: ShownForm["fields"][number]): Text =>
  name === "prompt" ? text("telegram.form.words") : text("telegram.form.say", { about: summary });

const typedField = ({ name, value }: ShownForm["fields"][number]): string =>
  `${name}:${value === undefined || value === "" ? UNSAID : /\s/.test(value) ? `"${value}"` : value}`;

/** What was typed, over what the form already holds. */
export function formValues(
  form: ShownForm,
  given: string,
):
  | { readonly ok: true; readonly values: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly problems: readonly Text[] } {
  const options = form.fields.map((field) => optionIn(field, verbatim));
  const typed = parseText({ options }, given, { plainOnly: true });
  if (typed.problems.length > 0) return { ok: false, problems: typed.problems };
  const held = form.fields.flatMap(({ name, value, kind }) =>
    value === undefined || kind === "attachment" ? [] : [[name, value] as const],
  );
  // Who copies the line of options leaves some as they were shown.
  const said = Object.entries(typed.values).filter(([, value]) => value !== UNSAID);
  return { ok: true, values: { ...Object.fromEntries(held), ...Object.fromEntries(said) } };
}
