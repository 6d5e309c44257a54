import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { MessageRef, Place, ReplyTarget } from "../../src/domain/place.ts";
import { text } from "../../src/domain/text.ts";
import { BoundedMap } from "../../src/lib/bounded-map.ts";
import { asError } from "../../src/lib/error.ts";
import { SOURCE_LANGUAGE } from "../../src/messages/catalogue.ts";
import { render } from "../../src/messages/render.ts";
import { ChatError } from "../../src/ports/chat.ts";
import type { Log } from "../../src/ports/log.ts";
import type { ModuleServices } from "../../src/ports/module.ts";
import type { ShownView } from "../../src/ports/view.ts";
import type { CallbackAnswers } from "./callback-answers.ts";
import type { Calls } from "./calls.ts";
import { destinationIn } from "./framing.ts";
import { LIMITS } from "./limits.ts";
import { placeSchema } from "./notes.ts";
import type { Paging } from "./paging.ts";
import { rendered } from "./render.ts";
import { type Came, cameOf, userIdOf } from "./reply.ts";
import type { Sending } from "./sending.ts";
import { styled } from "./text.ts";

/** What may be said in front of everybody when there is no other way: a sentence or two. */
const SHORT_MAX_CHARS = 600;
/** A list that nobody came to fetch for a day is out of date. */
const WAITING_FOR_MS = 86_400_000;
const REFUSED_MAX = 2000;
/** Noted of a member who has written to us. */
const OPEN = 1;

export interface PrivateReplies {
  /**
   * Answers one member of a group: in the notice of their press, else in their private chat with us, else by a button that
   * leads there. Only a short text is at last said in the group, as a silent reply. @throws ChatError
   */
  answer(target: ReplyTarget, view: ShownView, patienceMs: number): Promise<MessageRef>;
  /** The member wrote to us: from now on we may write to them. */
  opened(userId: number): Promise<void>;
  /** They stopped the bot. */
  closed(userId: number): Promise<void>;
  /** They followed the button: what waited for them. false: nothing does any more. */
  fetch(waitingId: string, userId: number): Promise<boolean>;
  sweep(nowMs: number): Promise<void>;
}

/** Where private answers have no message of their own to be edited: nothing is ever edited there. */
const notice = (place: Place): MessageRef => ({ place, messageId: "notice" });

// The view was made by the core and only rests here.
const waitingSchema = z.object({
  userId: z.int(),
  untilMs: z.number(),
  place: placeSchema,
  view: z.custom<ShownView>((value) => typeof value === "object" && value !== null),
});

export function createPrivateReplies(deps: {
  readonly answers: CallbackAnswers;
  readonly calls: Calls;
  readonly sending: Sending;
  readonly paging: Paging;
  readonly values: ModuleServices["values"];
  readonly botName: () => string;
  /** What a member is called. */
  readonly nameOf: (memberId: string) => string | undefined;
  readonly nowMs: () => number;
  readonly log: Log;
}): PrivateReplies {
  const { answers, sending, values, log } = deps;
  const waiting = values("waiting", waitingSchema);
  const open = values("private", z.literal(OPEN));
  /** By member and poll. */
  const refused = new BoundedMap<true>(REFUSED_MAX);
  const isOpen = async (userId: number) => (await open.get(String(userId))) !== undefined;

  /** @returns `undefined` when the member does not let us write to them */
  async function inPrivateChat(userId: number, place: Place, view: ShownView, patienceMs: number) {
    const chatId = String(userId);
    try {
      const messageId = await deps.paging.show({ chatId, patienceMs }, `telegram:${userId}`, view, { place });
      return { place: { platform: "telegram", chatId, group: false }, messageId: String(messageId) };
    } catch (error) {
      if (!(error instanceof ChatError) || error.code !== "gone") throw error;
      await closed(userId);
      return undefined;
    }
  }

  /** The group sees nothing of a private answer, so its member must not wait for one there. */
  async function tellWhere(place: Place, came: Came, view: ShownView): Promise<void> {
    if (came.c !== undefined) {
      await answers.give(came.c, { text: render(text("telegram.answer.sent-privately"), languageOf(view)) });
      return;
    }
    const { m: messageId } = came;
    if (messageId === undefined || came.q === 1) return;
    // A refusal with a sign of agreement on the command would leave everybody waiting.
    const emoji = view.tone === "bad" ? "🤔" : "👌";
    await deps.calls
      .other(place.chatId, "card", (api, chat) => api.setMessageReaction(chat, messageId, [{ type: "emoji", emoji }]))
      .catch((error: unknown) => log.debug("telegram.reaction_refused", { error: asError(error) }));
  }

  async function keepFor(userId: number, place: Place, view: ShownView): Promise<string> {
    const id = randomBytes(9).toString("base64url");
    await waiting.set(id, { userId, untilMs: deps.nowMs() + WAITING_FOR_MS, place, view });
    return `https://t.me/${deps.botName()}?start=w_${id}`;
  }

  async function inTheGroup(target: ReplyTarget, came: Came, view: ShownView, patienceMs: number): Promise<MessageRef> {
    const { place, memberId } = target;
    const to = {
      ...destinationIn({ ...place, chatId: deps.calls.currentId(place.chatId) }),
      ...(came.m === undefined || came.d !== undefined ? {} : { replyTo: came.m }),
      silent: true,
      patienceMs,
    };
    // Old messages come back without their topic.
    const note = place.threadId === undefined ? {} : { place };
    if (came.c !== undefined) await answers.give(came.c, {});
    // What answers a press replies to our own message, so it has to say whom it means.
    const name = came.c === undefined && came.v === undefined ? undefined : deps.nameOf(memberId);
    const toThem = (words: string): string =>
      name === undefined ? words : render(text("telegram.to-member", { name, words }), languageOf(view));
    const userId = userIdOf(memberId);
    // Nobody knows where to fetch it.
    if (userId === undefined && view.alone) return notice(place);
    if (userId === undefined || (!view.alone && isBrief(view))) {
      const messageId = await deps.paging.show(to, memberId, { ...view, text: toThem(view.text) }, note);
      return { place, messageId: String(messageId) };
    }
    const url = await keepFor(userId, place, view);
    const button = render(text("telegram.button.read-there"), languageOf(view));
    const messageId = await sending.text(to, styled(toThem(render(text("telegram.for-you-alone"), languageOf(view)))), {
      inline_keyboard: [[{ text: button, url }]],
    });
    return { place, messageId: String(messageId) };
  }

  /** A vote can be cast and taken back as often as one likes: its refusal is said in front of everybody once. */
  function isFirstRefusal(memberId: string, { m }: Came, { tone }: ShownView): boolean {
    const key = `${memberId} ${m}`;
    if (tone !== "bad" || refused.get(key)) return false;
    refused.set(key, true);
    return true;
  }

  async function closed(userId: number): Promise<void> {
    await open.delete(String(userId));
  }

  return {
    async answer(target, view, patienceMs) {
      const { place, memberId } = target;
      const came = cameOf(target);
      const words = noticeText(view);
      if (came.c !== undefined && words !== undefined && (await answers.give(came.c, { text: words, alert: true })))
        return notice(place);
      const userId = userIdOf(memberId);
      if (userId !== undefined && (came.d !== undefined || (await isOpen(userId)))) {
        const ref = await inPrivateChat(userId, place, view, patienceMs);
        if (ref && came.d === undefined) await tellWhere(place, came, view);
        if (ref) return ref;
      }
      if (came.q === 1 || (came.v === 1 && !isFirstRefusal(memberId, came, view))) return notice(place);
      if (came.c !== undefined && userId !== undefined && !isShort(view)) {
        const url = await keepFor(userId, place, view);
        if (await answers.give(came.c, { url })) return notice(place);
      }
      return inTheGroup(target, came, view, patienceMs);
    },
    opened: (userId) => open.set(String(userId), OPEN),
    closed,
    async fetch(waitingId, userId) {
      const found = await waiting.get(waitingId);
      if (!found || found.userId !== userId || found.untilMs < deps.nowMs()) return false;
      const ref = await inPrivateChat(userId, found.place, found.view, 60_000).catch((error: unknown) => {
        log.warn("telegram.waiting_unsent", { error: asError(error) });
        return undefined;
      });
      if (ref) await waiting.delete(waitingId);
      return ref !== undefined;
    },
    async sweep(nowMs) {
      for (const [id, { untilMs }] of await waiting.entries()) if (untilMs < nowMs) await waiting.delete(id);
    },
  };
}

const languageOf = ({ language }: ShownView): string => language ?? SOURCE_LANGUAGE;

const isPlain = ({ image, album, fields, tiles, file }: ShownView): boolean =>
  !image && !album && !file && !fields?.length && !tiles?.length;
const isShort = (view: ShownView): boolean => isPlain(view) && view.text.length <= SHORT_MAX_CHARS;
const isBrief = (view: ShownView): boolean =>
  !view.image && !view.file && !view.tiles?.length && rendered(view).texts[0].text.length <= SHORT_MAX_CHARS;

/** The text, when it is all there is and fits into the notice of a press. */
export function noticeText(view: ShownView): string | undefined {
  if (!isPlain(view) || view.buttons?.length || view.progress !== undefined) return undefined;
  return view.text !== "" && view.text.length <= LIMITS.callbackAnswerMaxChars ? view.text : undefined;
}
