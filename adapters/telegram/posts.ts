import type { MessageRef, Place, ReplyTarget } from "../../src/domain/place.ts";
import { text } from "../../src/domain/text.ts";
import { SOURCE_LANGUAGE } from "../../src/messages/catalogue.ts";
import { render } from "../../src/messages/render.ts";
import { ChatError } from "../../src/ports/chat.ts";
import type { Log } from "../../src/ports/log.ts";
import type { ShownForm, ShownView } from "../../src/ports/view.ts";
import type { CallbackAnswers } from "./callback-answers.ts";
import { PATIENCE_MS } from "./calls.ts";
import type { Choices } from "./choices.ts";
import type { EditDedupe } from "./dedupe-edits.ts";
import type { Editing } from "./editing.ts";
import { NeverSent, TopicGone } from "./errors.ts";
import type { EventSource } from "./event-source.ts";
import type { Forms } from "./forms.ts";
import { type Destination, destinationIn } from "./framing.ts";
import { LIMITS } from "./limits.ts";
import type { Note, Notes } from "./notes.ts";
import type { Paging } from "./paging.ts";
import { noticeText, type PrivateReplies } from "./private-replies.ts";
import { formQuestion, type Questions } from "./questions.ts";
import { type Came, cameOf, userIdOf } from "./reply.ts";
import type { TelegramSettings } from "./settings.ts";

/** Somebody waits for this answer; it is better late than never. */
const WAITED_FOR_MS = 60_000;

export interface PostsDeps {
  readonly log: Log;
  readonly settings: Pick<TelegramSettings, "TELEGRAM_REACTION_VOTES">;
  readonly answers: CallbackAnswers;
  readonly choices: Choices;
  readonly editing: Editing;
  readonly forms: Forms;
  readonly dedupe: EditDedupe;
  readonly eventSource: EventSource;
  readonly notes: Notes;
  readonly paging: Paging;
  readonly privateReplies: PrivateReplies;
  readonly questions: Questions;
  readonly currentId: (chatId: string) => string;
  /** Says so to whoever asked there. Never rejects. */
  readonly topicGone: (target: ReplyTarget) => Promise<void>;
}

/** What the core shows: the adapter's part of `ChatAdapter`. */
export interface Posts {
  acknowledge(target: ReplyTarget, visibility: "public" | "private"): Promise<void>;
  post(target: ReplyTarget, view: ShownView, visibility: "public" | "private"): Promise<MessageRef>;
  edit(message: MessageRef, view: ShownView): Promise<void>;
  openForm(target: ReplyTarget, form: ShownForm): Promise<void>;
}

export function createPosts(deps: PostsDeps): Posts {
  const { answers, notes, paging } = deps;

  const patience = (target: ReplyTarget) => (deps.eventSource.isWaitedFor(target) ? WAITED_FOR_MS : PATIENCE_MS);

  /** Where everybody reads it; a reply only to what is in that chat. */
  function destinationOf({ place, memberId }: ReplyTarget, came: Came): Destination {
    const userId = userIdOf(memberId);
    if (came.d === "a" && userId !== undefined)
      return { chatId: String(userId), ...(came.m === undefined ? {} : { replyTo: came.m }) };
    return {
      ...destinationIn({ ...place, chatId: deps.currentId(place.chatId) }),
      ...(came.m === undefined || came.d !== undefined ? {} : { replyTo: came.m }),
    };
  }

  /** What later events about this message need to know. */
  function noteOf({ place, memberId }: ReplyTarget, view: ShownView, to: Destination): Note {
    const elsewhere = to.chatId !== deps.currentId(place.chatId);
    const reroll = deps.settings.TELEGRAM_REACTION_VOTES ? rerollOf(view) : undefined;
    return {
      // Old messages come back without their topic, and what is voted in a poll without any place.
      ...(elsewhere || place.threadId !== undefined || view.decision?.asPoll === true ? { place } : {}),
      ...(deps.settings.TELEGRAM_REACTION_VOTES ? { askedBy: memberId } : {}),
      ...(reroll === undefined ? {} : { reroll }),
    };
  }

  async function privateAnswer(target: ReplyTarget, came: Came, view: ShownView): Promise<MessageRef | undefined> {
    if (view.tone === "bad" && came.m !== undefined && came.c === undefined)
      await deps.dedupe.refused(target.place.chatId, came.m);
    if (target.place.group)
      return came.d === "a" ? undefined : deps.privateReplies.answer(target, view, patience(target));
    const words = noticeText(view);
    if (came.c === undefined || words === undefined) return undefined;
    const given = await answers.give(came.c, { text: words, alert: true });
    return given ? { place: target.place, messageId: "notice" } : undefined;
  }

  async function show(target: ReplyTarget, view: ShownView, visibility: "public" | "private"): Promise<MessageRef> {
    const came = cameOf(target);
    const privateReply = visibility === "private" ? await privateAnswer(target, came, view) : undefined;
    if (privateReply) return privateReply;
    const to = { ...destinationOf(target, came), patienceMs: patience(target) };
    const messageId = await paging.show(to, target.memberId, view, noteOf(target, view, to));
    const place: Place = came.d === "a" ? { platform: "telegram", chatId: to.chatId, group: false } : target.place;
    return { place, messageId: String(messageId) };
  }

  return {
    async acknowledge(target, visibility) {
      const { c } = cameOf(target);
      // A private answer follows at once, and may be the answer to the press itself.
      if (c !== undefined && visibility === "public") await answers.give(c, {});
    },

    async post(target, view, visibility) {
      refuseTooLong(view);
      await deps.choices.keep(view);
      try {
        return await show(target, view, visibility);
      } catch (error) {
        if (error instanceof TopicGone) await deps.topicGone(target);
        // An answer to what was just asked is most likely there, and saying that it failed would be worse than silence. A
        // job's placeholder is another matter: the outbox has to know its message.
        if (!isLost(error) || view.tone === "working" || !deps.eventSource.isWaitedFor(target)) throw error;
        deps.log.warn("telegram.answer_unconfirmed", { error });
        return { place: target.place, messageId: "notice" };
      }
    },

    async edit(message, view) {
      refuseTooLong(view);
      await deps.choices.keep(view);
      await deps.editing.edit(message, view);
      if (!deps.settings.TELEGRAM_REACTION_VOTES) return;
      const chatId = deps.currentId(message.place.chatId);
      await notes.change(chatId, Number(message.messageId), { reroll: rerollOf(view) });
    },

    async openForm(target, form) {
      const came = cameOf(target);
      if (came.c !== undefined) await answers.give(came.c, {});
      const userId = userIdOf(target.memberId);
      const elsewhere = came.d !== undefined && userId !== undefined;
      const typed = came.c === undefined && came.m !== undefined ? { replyTo: came.m } : {};
      const to: Destination = elsewhere
        ? { chatId: String(userId), patienceMs: patience(target) }
        : {
            ...destinationIn({ ...target.place, chatId: deps.currentId(target.place.chatId) }),
            ...typed,
            patienceMs: patience(target),
          };
      const name = deps.eventSource.nameOf(target.memberId) ?? render(text("telegram.you"), languageOf(form));
      const who = { name, memberId: target.memberId };
      // What may be left out has a button that does so: a question can only be answered.
      const main = form.fields.find(({ rest, required }) => rest && required);
      if (!main) return deps.forms.open(to, who, form, target.place);
      await deps.questions.ask(to, who, {
        text: formQuestion(form, main),
        placeholder: main.summary,
        place: target.place,
        about: { kind: "form", form },
      });
    },
  };
}

const isLost = (error: unknown): error is ChatError =>
  error instanceof ChatError && error.code === "offline" && !(error instanceof NeverSent);

/** The core shortens; what is still too long is refused as Telegram would. */
function refuseTooLong(view: ShownView): void {
  const maxChars =
    view.image || (view.file && view.file.href === undefined) ? LIMITS.captionMaxChars : LIMITS.textMaxChars;
  if (view.text.length > maxChars)
    throw new ChatError("telegram", "too_large", `a text of ${view.text.length} characters, ${maxChars} fit`);
}

const languageOf = ({ language }: Pick<ShownForm, "language">): string => language ?? SOURCE_LANGUAGE;

/** The button that votes for another try. */
const rerollOf = (view: ShownView): string | undefined =>
  (view.buttons ?? []).flat().find(({ byThumb }) => byThumb)?.token;
