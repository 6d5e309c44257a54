import type { AboutRef, Place } from "../../src/domain/place.ts";
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
import type { Members } from "./members.ts";
import type { Notes } from "./notes.ts";
import type { PrivateReplies } from "./private-replies.ts";
import { commandQuestion, formQuestion, formValues, missingWords, type Question, type Questions } from "./questions.ts";
import { memberIdOf } from "./reply.ts";
import { destinationIn, type Sending } from "./sending.ts";
import type { TelegramSettings } from "./settings.ts";
import { styled } from "./text.ts";
import type { FileRef, RepliedTo, Seen } from "./updates.ts";

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

  const greet = async (place: Place): Promise<void> =>
    void (await deps.sending.view(destinationIn(place), await deps.events.greeting(place)));

  async function command(seen: Command, updateId: string): Promise<void> {
    const { where, who, commandName, messageId, text } = seen;
    const spec = specOf(commandName);
    // Other bots have commands too: in a group only what is known or written as /name@us is meant for us.
    if (!spec && where.type !== "private" && !seen.addressed) return;
    if (seen.editedAfterMs !== undefined && !(await dedupe.counts(where.chatId, messageId, seen.editedAfterMs))) return;
    await dedupe.begins(where.chatId, messageId);
    const place = placeOf(where);
    const late = deps.isLate(updateId, seen.sentAtMs);
    const from = { place, who, came: { m: messageId }, updateId, sent: { atMs: seen.sentAtMs, late } };
    if (commandName === "start" && !spec) return start(text, from);
    const about = await aboutOf(place, seen.repliedTo);
    const files = filesFor(spec, seen);
    const missing = spec && missingWords(spec, text);
    // Nobody can be asked in a channel: its posts have no one behind them.
    if (!spec || !missing || where.type === "channel")
      return eventSource.invoke({ commandName, text, files, about }, from);
    await questions.ask({ ...destinationIn(place), replyTo: messageId }, asWho(who), {
      text: commandQuestion(spec, missing),
      placeholder: render(missing.summary, SOURCE_LANGUAGE),
      place,
      about: { kind: "command", commandName, text, files: [...files] },
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
    const to = destinationIn(from.place);
    const [, waitingId] = /^w_([A-Za-z0-9_-]{12})$/.exec(payload) ?? [];
    if (waitingId !== undefined && !from.place.group) {
      if (!(await privateReplies.fetch(waitingId, from.who.id)))
        await deps.sending.text(to, styled("What waited here is gone. Ask for it again where you did."));
      return;
    }
    const [, number, chatId] = /^show_(\d{1,9})(?:_(-\d{1,16}))?$/.exec(payload) ?? [];
    if (number !== undefined && !from.place.group) return showLinked(number, chatId, from);
    if (specOf("help")) return eventSource.invoke({ commandName: "help", text: "", files: [] }, from);
    await greet(from.place);
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
    const { where, who, repliedTo, messageId, text, files } = seen;
    const place = placeOf(where);
    if (text === "") return sayHowToStartFrom(seen);
    const answered = await questions.answeredBy({
      chatId: where.chatId,
      memberId: memberIdOf(who.id),
      inPrivate: where.type === "private",
      ...(repliedTo?.ours ? { repliedTo: repliedTo.messageId } : {}),
    });
    if (answered) return answer(seen, answered, updateId);
    if (repliedTo?.ours && deps.settings.TELEGRAM_REPLY_EDITS && isWords(text) && (await isPicture(place, repliedTo)))
      return eventSource.invoke(
        { commandName: "edit", text, files: [], about: await aboutOf(place, repliedTo) },
        { place, who, came: { m: messageId }, updateId },
      );
    if (where.type === "private" && !repliedTo) await (files.length > 0 ? sayHowToStartFrom(seen) : greet(place));
  }

  /** A picture by itself could be meant for anything. */
  async function sayHowToStartFrom({ where, messageId }: Words): Promise<void> {
    const name = specs.find(draws)?.name ?? "help";
    const how = `To start from this picture, reply to it with a command and what to draw: /${name} a red fox`;
    await deps.sending.text({ ...destinationIn(placeOf(where)), replyTo: messageId }, styled(how));
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
    const { where, who, text, files } = seen;
    const { about, place } = question;
    const elsewhere = place.group && where.type === "private";
    if (elsewhere && !(await deps.members.includes(place.chatId, who.id)))
      return void (await deps.sending.text(destinationIn(placeOf(where)), styled(NOT_INSIDE)));
    const from: From = {
      place,
      who,
      came: { m: seen.messageId, ...(elsewhere ? { d: "p" } : {}) },
      updateId,
    };
    switch (about.kind) {
      case "command": {
        const whole = `${about.text} ${text}`.trim();
        await eventSource.invoke(
          { commandName: about.commandName, text: whole, files: [...about.files, ...files] },
          from,
        );
        break;
      }
      case "field":
        await deps.forms.filled(about.formId, about.field, text);
        break;
      case "form": {
        const filled = formValues(about.form, text);
        if (!filled.ok) return askAgain(seen, question, filled.problems);
        await eventSource.press(about.form.token, filled.values, from);
      }
    }
    await questions.close(where.chatId, questionId);
  }

  async function askAgain(seen: Words, { about, place }: Question, problems: readonly string[]): Promise<void> {
    const main = about.kind === "form" ? about.form.fields.find(({ rest }) => rest) : undefined;
    if (about.kind !== "form" || !main) return;
    await questions.ask({ ...destinationIn(placeOf(seen.where)), replyTo: seen.messageId }, asWho(seen.who), {
      text: [...problems.map((problem) => `• ${problem}\n`), ...formQuestion(about.form, main)],
      placeholder: main.summary,
      place,
      about,
    });
  }

  async function membership({ where, here, wasHere }: Extract<Seen, { kind: "membership" }>): Promise<void> {
    deps.admins.forget(where.chatId);
    if (where.type === "private") return here ? undefined : privateReplies.closed(Number(where.chatId));
    if (!here || wasHere || where.type === "channel") return;
    if (eventSource.isServed(where)) return greet(placeOf(where));
    const hint = `${NOT_SERVED} Whoever runs it can add the id ${where.chatId} to TELEGRAM_CHATS.`;
    await deps.sending.text({ chatId: where.chatId }, styled(hint));
  }

  return async (seen, updateId) => {
    switch (seen.kind) {
      case "moved":
        return deps.moved(seen.fromChatId, seen.toChatId);
      case "membership":
        return membership(seen);
      case "press":
        return deps.callbackQueries.press(seen, updateId);
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
