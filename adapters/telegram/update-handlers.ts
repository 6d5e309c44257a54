import type { AboutRef, Place } from "../../src/domain/place.ts";
import { sentences, type Text, text } from "../../src/domain/text.ts";
import { SOURCE_LANGUAGE } from "../../src/messages/catalogue.ts";
import { render } from "../../src/messages/render.ts";
import type { ChatEvents } from "../../src/ports/chat.ts";
import { type CommandSpec, draws } from "../../src/ports/option.ts";
import type { Admins } from "./admins.ts";
import type { CallbackQueries } from "./callback-queries.ts";
import type { Calls } from "./calls.ts";
import type { EditDedupe } from "./dedupe-edits.ts";
import { asWho, type EventSource, type From, NOT_INSIDE, NOT_SERVED, placeOf } from "./event-source.ts";
import type { Forms } from "./forms.ts";
import { type Destination, destinationIn } from "./framing.ts";
import type { Members } from "./members.ts";
import type { Notes } from "./notes.ts";
import type { PrivateReplies } from "./private-replies.ts";
import { commandQuestion, formQuestion, formValues, missingWords, type Question, type Questions } from "./questions.ts";
import { memberIdOf } from "./reply.ts";
import type { ReplyOffers } from "./reply-offers.ts";
import type { Sending } from "./sending.ts";
import type { TelegramSettings } from "./settings.ts";
import { styled } from "./text.ts";
import type { FileRef, RepliedTo, Seen } from "./updates.ts";
import type { Who } from "./who.ts";

type Command = Extract<Seen, { kind: "command" }>;
type Words = Extract<Seen, { kind: "words" }>;

/** What arrived, carried out: the core's events, our own questions and answers, and news about chats. */
export type UpdateHandler = (seen: Seen, updateId: string) => Promise<void>;

export function createUpdateHandler(deps: {
  readonly events: ChatEvents;
  readonly specs: readonly CommandSpec[];
  readonly settings: Pick<TelegramSettings, "TELEGRAM_REPLY_EDITS">;
  readonly eventSource: EventSource;
  readonly callbackQueries: CallbackQueries;
  readonly calls: Calls;
  readonly notes: Notes;
  readonly admins: Admins;
  readonly members: Members;
  readonly dedupe: EditDedupe;
  readonly questions: Questions;
  readonly forms: Forms;
  readonly privateReplies: PrivateReplies;
  readonly offers: ReplyOffers;
  readonly sending: Sending;
  readonly moved: (fromChatId: string, toChatId: string) => Promise<void>;
  /** Its member may have given it up and sent it again. */
  readonly isLate: (updateId: string, sentAtMs: number) => boolean;
}): UpdateHandler {
  const { specs, eventSource, notes, dedupe, questions, privateReplies } = deps;
  const specOf = (name: string) => specs.find((spec) => spec.name === name);

  async function aboutOf(place: Place, repliedTo: RepliedTo | undefined): Promise<AboutRef | undefined> {
    if (!repliedTo) return undefined;
    const { knownAs, albumIndex } = await notes.of(place.chatId, repliedTo.messageId);
    return {
      place,
      messageId: String(knownAs ?? repliedTo.messageId),
      ...(albumIndex === undefined ? {} : { albumIndex }),
      ...(repliedTo.by ? { by: { id: memberIdOf(repliedTo.by.id), name: repliedTo.by.name } } : {}),
    };
  }

  async function greet(place: Place, who: Who): Promise<void> {
    const greeting = await deps.events.greeting(place, await eventSource.memberOf({ place, who }));
    await deps.sending.view(destinationIn(place), greeting);
  }

  /** Something of our own, to this one. */
  async function say(place: Place, who: Who, words: Text, more: Partial<Destination> = {}): Promise<void> {
    const said = render(words, await eventSource.language(place, who));
    await deps.sending.text({ ...destinationIn(place), ...more }, styled(said));
  }

  async function command(seen: Command, updateId: string): Promise<void> {
    const { where, who, commandName, messageId, text: words } = seen;
    const spec = specOf(commandName);
    // Other bots have commands too: in a group only what is known or written as /name@us is meant for us.
    if (!spec && where.type !== "private" && !seen.addressed) return;
    if (seen.editedAfterMs !== undefined && !(await dedupe.counts(where.chatId, messageId, seen.editedAfterMs))) return;
    await dedupe.begins(where.chatId, messageId);
    const place = placeOf(where);
    const late = deps.isLate(updateId, seen.sentAtMs);
    const from = { place, who, came: { m: messageId }, updateId, sent: { atMs: seen.sentAtMs, late } };
    if (commandName === "start" && !spec) return start(words, from);
    const about = await aboutOf(place, seen.repliedTo);
    const files = filesFor(spec, seen);
    const missing = spec && missingWords(spec, words);
    // Nobody can be asked in a channel: its posts have no one behind them.
    if (missing && where.type === "channel") {
      const what = text("problem.option.missing", { option: missing.name, about: missing.summary });
      return say(place, who, what, { replyTo: messageId });
    }
    if (!spec || !missing) return eventSource.invoke({ commandName, text: words, files, about }, from);
    const language = await eventSource.language(place, who);
    await questions.ask({ ...destinationIn(place), replyTo: messageId }, asWho(who), {
      text: commandQuestion(spec, missing, language),
      placeholder: render(missing.summary, language),
      place,
      about: { kind: "command", commandName, text: words, files: [...files] },
    });
    // Nothing was carried out yet: who corrects the command instead of answering counts as well.
    await dedupe.refused(where.chatId, messageId);
  }

  /** Its own files, else those of the message it replies to, where the command takes any. What we posted is named by `about`. */
  function filesFor(spec: CommandSpec | undefined, { files, repliedTo }: Command): readonly FileRef[] {
    if (files.length > 0 || !repliedTo || !spec?.options.some(({ kind }) => kind === "attachment")) return files;
    return repliedTo.ours && repliedTo.showsPicture ? [] : repliedTo.files;
  }

  async function start(payload: string, from: From): Promise<void> {
    const [, waitingId] = /^w_([A-Za-z0-9_-]{12})$/.exec(payload) ?? [];
    if (waitingId !== undefined && !from.place.group) {
      if (!(await privateReplies.fetch(waitingId, from.who.id)))
        await say(from.place, from.who, text("telegram.waiting-gone"));
      return;
    }
    const [, number, chatId] = /^show_(\d{1,9})(?:_(-\d{1,16}))?$/.exec(payload) ?? [];
    if (number !== undefined && !from.place.group) return showLinked(number, chatId, from);
    if (specOf("help")) return eventSource.invoke({ commandName: "help", text: "", files: [] }, from);
    await greet(from.place, from.who);
  }

  /** t.me/bot?start=show_12 shows a picture of this private chat, show_12_-100123 one of a group, to its members. */
  async function showLinked(number: string, chatId: string | undefined, from: From): Promise<void> {
    const what = { commandName: "show", text: number, files: [] };
    // Without the membership the number is looked for here, and the answer tells nothing about the group.
    if (chatId === undefined || !(await deps.members.includes(chatId, from.who.id)))
      return eventSource.invoke(what, from);
    const place: Place = { platform: "telegram", chatId, group: true };
    await eventSource.invoke(what, { ...from, place, came: { ...from.came, d: "a" } });
  }

  async function words(seen: Words, updateId: string): Promise<void> {
    const { where, who, repliedTo, text: said, files } = seen;
    const place = placeOf(where);
    if (said === "") return sayHowToStartFrom(seen);
    const answered = await questions.answeredBy({
      chatId: where.chatId,
      memberId: memberIdOf(who.id),
      inPrivate: where.type === "private",
      ...(repliedTo?.ours ? { repliedTo: repliedTo.messageId } : {}),
    });
    if (answered) return answer(seen, answered, updateId);
    if (repliedTo?.ours && deps.settings.TELEGRAM_REPLY_EDITS && isWords(said) && (await isPicture(place, repliedTo)))
      return repliedToPicture(seen, repliedTo, updateId);
    if (where.type === "private" && !repliedTo) await (files.length > 0 ? sayHowToStartFrom(seen) : greet(place, who));
  }

  /** Alone with the bot words are for it. In a group they are talk, until its admins decide that a button asks. */
  async function repliedToPicture(seen: Words, repliedTo: RepliedTo, updateId: string): Promise<void> {
    const { where, who, messageId, text: said } = seen;
    const place = placeOf(where);
    if (place.group && !(await deps.events.offersEdits(place))) return;
    const about = await aboutOf(place, repliedTo);
    if (!place.group)
      return eventSource.invoke(
        { commandName: "edit", text: said, files: [], about },
        { place, who, came: { m: messageId }, updateId },
      );
    if (!about) return;
    const language = await eventSource.language(place, who);
    await deps.offers.make({ ...destinationIn(place), replyTo: messageId }, asWho(who), {
      words: said,
      about,
      language,
    });
  }

  /** A picture by itself could be meant for anything. */
  async function sayHowToStartFrom({ where, who, messageId }: Words): Promise<void> {
    const command = `/${specs.find(draws)?.name ?? "help"}`;
    await say(placeOf(where), who, text("telegram.start-from", { command }), { replyTo: messageId });
  }

  async function isPicture(place: Place, { messageId, showsPicture }: RepliedTo): Promise<boolean> {
    const { shows, album } = await notes.of(place.chatId, messageId);
    return showsPicture ? shows !== "blank" : album?.ids !== undefined && album.removed !== true;
  }

  async function answer(
    seen: Words,
    { messageId: questionId, question }: { readonly messageId: number; readonly question: Question },
    updateId: string,
  ): Promise<void> {
    const { where, who, text: said, files } = seen;
    const { about, place } = question;
    const elsewhere = place.group && where.type === "private";
    if (elsewhere && !(await deps.members.includes(place.chatId, who.id))) return say(placeOf(where), who, NOT_INSIDE);
    const from: From = {
      place,
      who,
      came: { m: seen.messageId, ...(elsewhere ? { d: "p" } : {}) },
      updateId,
    };
    switch (about.kind) {
      case "command": {
        const whole = `${about.text} ${said}`.trim();
        await eventSource.invoke(
          { commandName: about.commandName, text: whole, files: [...about.files, ...files] },
          from,
        );
        break;
      }
      case "field":
        await deps.forms.filled(about.formId, about.field, said);
        break;
      case "form": {
        const filled = formValues(about.form, said);
        if (!filled.ok) return askAgain(seen, question, filled.problems);
        await eventSource.press(about.form.token, filled.values, from);
      }
    }
    await questions.close(where.chatId, questionId);
  }

  async function askAgain(seen: Words, { about, place }: Question, problems: readonly Text[]): Promise<void> {
    const main = about.kind === "form" ? about.form.fields.find(({ rest }) => rest) : undefined;
    if (about.kind !== "form" || !main) return;
    const language = about.form.language ?? SOURCE_LANGUAGE;
    await questions.ask({ ...destinationIn(placeOf(seen.where)), replyTo: seen.messageId }, asWho(seen.who), {
      text: [...problems.map((problem) => `• ${render(problem, language)}\n`), ...formQuestion(about.form, main)],
      placeholder: main.summary,
      place,
      about,
    });
  }

  async function membership({ where, who, here, wasHere }: Extract<Seen, { kind: "membership" }>): Promise<void> {
    deps.admins.forget(where.chatId);
    if (where.type === "private") return here ? undefined : privateReplies.closed(Number(where.chatId));
    if (!here || wasHere || where.type === "channel") return;
    if (eventSource.isServed(where)) return greet(placeOf(where), who);
    await say(placeOf(where), who, sentences(NOT_SERVED, text("telegram.not-served-hint", { chat: where.chatId })));
  }

  return async (seen, updateId) => {
    switch (seen.kind) {
      case "moved":
        return deps.moved(seen.fromChatId, seen.toChatId);
      case "membership":
        return membership(seen);
      case "press":
        return deps.callbackQueries.press(seen, updateId);
      case "vote":
        return deps.callbackQueries.vote(seen, updateId);
      case "thumb":
        return deps.callbackQueries.thumb(seen, updateId);
      case "inline":
        // Answered at once, from memory: there is nothing to lose.
        return;
      case "command":
      case "words":
        if (!eventSource.isServed(seen.where)) return;
        if (seen.where.type === "private") await privateReplies.opened(seen.who.id);
        return seen.kind === "command" ? command(seen, updateId) : words(seen, updateId);
    }
  };
}

/** 👍 and the like are no new words for a picture. */
const isWords = (text: string): boolean => /[\p{L}\p{N}]/u.test(text);
