import type { InlineKeyboardMarkup, InputPollOption } from "grammy/types";
import { z } from "zod";
import type { Place } from "../../src/domain/place.ts";
import { BoundedMap } from "../../src/lib/bounded-map.ts";
import { asError } from "../../src/lib/error.ts";
import { cutText } from "../../src/lib/text.ts";
import { ChatError } from "../../src/ports/chat.ts";
import type { Log } from "../../src/ports/log.ts";
import type { ModuleServices } from "../../src/ports/module.ts";
import type { ShownDecision, ShownView } from "../../src/ports/view.ts";
import type { Calls } from "./calls.ts";
import { NoPolls, Refused } from "./errors.ts";
import type { FileIds } from "./file-ids.ts";
import { type Destination, framing, markupOf } from "./framing.ts";
import { keyboardOf } from "./keyboard.ts";
import { LIMITS } from "./limits.ts";
import { placeSchema } from "./notes.ts";
import type { Pictures } from "./pictures.ts";
import { sentPollSchema } from "./shapes.ts";

const keptSchema = z.object({
  chatId: z.string(),
  messageId: z.int(),
  place: placeSchema,
  setToken: z.string(),
  /** In the order of the poll's options. */
  optionIds: z.array(z.string()),
  imageKeys: z.array(z.string()),
  untilMs: z.number(),
});
/** What an answer to a poll needs to know: Telegram says only which poll it is. */
type KeptPoll = z.output<typeof keptSchema>;

/** The core closes a decision a moment after its deadline; answers of before may still be on their way. */
const KEPT_AFTER_MS = 7 * 86_400_000;
/** A chat, or a server, that takes no such polls is not asked again for so long. */
const NONE_FOR_MS = 24 * 3_600_000;
const CHATS_MAX = 5000;

export interface Polls {
  /** Whether a view is shown by Telegram's own poll where this chat takes one. */
  wanted(chatId: string, view: ShownView): boolean;
  /**
   * A new message: the poll of a view that wants one.
   *
   * @returns `undefined`: this chat takes no such poll, buttons have to do. @throws ChatError
   */
  send(to: Destination, place: Place, view: ShownView): Promise<SentPoll | undefined>;
  /** Whether this is still the poll of what the view says: nothing of a poll can be changed. */
  isOf(pollId: string, view: ShownView): Promise<boolean>;
  /** A picture that the view no longer has, and nobody else: somebody deleted it, and a poll goes on showing it. */
  showsDeleted(pollId: string, view: ShownView): Promise<boolean>;
  /** Its whole message. @throws ChatError */
  takeAway(chatId: string, messageId: number): Promise<void>;
  /** Nobody votes in it any more. Twice is harmless. @throws ChatError "gone" when it was deleted */
  stop(chatId: string, messageId: number): Promise<void>;
  /** `undefined`: none of ours, or long over. */
  find(pollId: string): Promise<KeptPoll | undefined>;
  sweep(nowMs: number): Promise<void>;
}

interface SentPoll {
  readonly messageId: number;
  readonly pollId: string;
}

export function createPolls(deps: {
  readonly calls: Calls;
  readonly pictures: () => Pictures;
  readonly fileIds: FileIds;
  readonly values: ModuleServices["values"];
  readonly nowMs: () => number;
  readonly log: Log;
}): Polls {
  const { calls, fileIds, nowMs, log } = deps;
  const kept = deps.values("poll", keptSchema);
  const noneUntilMs = new BoundedMap<number>(CHATS_MAX);
  /** Members see a poll, and vote in it, before we know its id. */
  const beingSent = new Set<Promise<unknown>>();

  async function optionsOf({ options }: ShownDecision, known: boolean): Promise<InputPollOption[]> {
    return Promise.all(
      options.map(async ({ label, image }) => {
        const text = cutText(label, LIMITS.pollOptionMaxChars);
        if (!image) return { text };
        const id = known ? await fileIds.known("photo", image.key) : undefined;
        return { text, media: { type: "photo" as const, media: id ?? (await deps.pictures().photo(image)) } };
      }),
    );
  }

  const ask = async (to: Destination, view: ShownView, decision: ShownDecision, known: boolean): Promise<unknown> =>
    calls.send(
      to.chatId,
      async (api, chat) =>
        api.sendPoll(chat, cutText(decision.title, LIMITS.pollQuestionMaxChars), await optionsOf(decision, known), {
          is_anonymous: false,
          allows_multiple_answers: decision.maxChoices > 1,
          ...(decision.visibility === "hidden" ? { hide_results_until_closes: true } : {}),
          ...closeDateOf(decision, nowMs()),
          ...descriptionOf(decision),
          ...framing(to),
          ...markupOf(pollKeyboard(view)),
        }),
      { lane: to.lane ?? "first", ...(to.patienceMs === undefined ? {} : { patienceMs: to.patienceMs }) },
    );

  /** By the ids of pictures that were sent before; what Telegram no longer knows is sent anew. */
  async function asked(to: Destination, view: ShownView, decision: ShownDecision): Promise<unknown> {
    try {
      return await ask(to, view, decision, true);
    } catch (error) {
      if (!(error instanceof Refused) || !fileIds.isUnknown(error.description)) throw error;
      return ask(to, view, decision, false);
    }
  }

  /** A server of before Bot API 10 sends the poll without its pictures, and with results that should be hidden. */
  async function withdraw(to: Destination, messageId: number): Promise<undefined> {
    decline(to.chatId, new Error("the pictures of the poll did not arrive"));
    await calls.other(to.chatId, "final", (api, chat) => api.deleteMessage(chat, messageId));
    return undefined;
  }

  function decline(chatId: string, why: Error): void {
    noneUntilMs.set(chatId, nowMs() + NONE_FOR_MS);
    log.info("telegram.no_polls", { chat: chatId, error: why });
  }

  async function send(to: Destination, place: Place, view: ShownView): Promise<SentPoll | undefined> {
    const decision = pollOf(view);
    if (!decision) return undefined;
    let sent: z.output<typeof sentPollSchema>;
    try {
      sent = sentPollSchema.parse(await asked(to, view, decision));
    } catch (error) {
      if (!isNo(error)) throw error;
      decline(to.chatId, asError(error));
      return undefined;
    }
    const { message_id: messageId, poll } = sent;
    if (decision.options.some(({ image }, at) => image && !poll.options[at]?.media?.photo))
      return withdraw(to, messageId);
    for (const [at, { image }] of decision.options.entries())
      if (image) await fileIds.note("photo", image.key, poll.options[at]?.media);
    await kept.set(poll.id, {
      ...{ chatId: to.chatId, messageId, place, setToken: decision.setToken },
      optionIds: decision.options.map(({ id }) => id),
      imageKeys: imagesOf(decision).map(({ key }) => key),
      untilMs: decision.closesAtMs + KEPT_AFTER_MS,
    });
    return { messageId, pollId: poll.id };
  }

  return {
    // Where somebody has voted by buttons their votes would be missing from a poll.
    wanted: (chatId, view) => pollOf(view)?.voted === 0 && (noneUntilMs.get(chatId) ?? 0) <= nowMs(),

    send(to, place, view) {
      const sent = send(to, place, view).finally(() => beingSent.delete(sent));
      beingSent.add(sent);
      return sent;
    },

    async isOf(pollId, { decision }) {
      const found = await kept.get(pollId);
      if (!found || decision?.state !== "open") return false;
      return found.optionIds.join() === decision.options.map(({ id }) => id).join();
    },

    async showsDeleted(pollId, { decision }) {
      const shown = new Set(decision && imagesOf(decision).map(({ key }) => key));
      const others = ((await kept.get(pollId))?.imageKeys ?? []).filter((key) => !shown.has(key));
      const there = await Promise.all(others.map(deps.pictures().isThere));
      return there.includes(false);
    },

    async takeAway(chatId, messageId) {
      try {
        await calls.other(chatId, "final", (api, chat) => api.deleteMessage(chat, messageId));
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        // Bots may not after two days; it is gone, or stays as it is.
        log.info("telegram.cannot_take_off", { chat: chatId, what: "poll", why: error.description });
      }
    },

    async stop(chatId, messageId) {
      try {
        await calls.other(chatId, "final", (api, chat) => api.stopPoll(chat, messageId));
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        if (/not found/i.test(error.description)) throw new ChatError("telegram", "gone", error.description);
        // Telegram closes it by itself at its deadline.
        log.debug("telegram.poll_closed_before", { chat: chatId, why: error.description });
      }
    },

    async find(pollId) {
      const sending = [...beingSent];
      const found = (await kept.get(pollId)) ?? (await Promise.allSettled(sending).then(() => kept.get(pollId)));
      return found && { ...found, place: { ...found.place, chatId: calls.currentId(found.place.chatId) } };
    },

    async sweep(atMs) {
      for (const [id, { untilMs }] of await kept.entries()) if (untilMs < atMs) await kept.delete(id);
    },
  };
}

const imagesOf = ({ options }: Pick<ShownDecision, "options">) => options.flatMap(({ image }) => image ?? []);

type Polled = ShownDecision & { readonly setToken: string };

/**
 * The decision of a view that can be a poll: an open pick among 1 to 9 pictures and what else there is to choose. A poll can
 * neither keep names secret nor count to three, and it covers no pictures: then it is none.
 */
function pollOf({ decision }: ShownView): Polled | undefined {
  if (decision?.asPoll !== true || decision.state !== "open" || decision.kind !== "pick") return undefined;
  const { options, maxChoices, visibility, setToken } = decision;
  const images = imagesOf(decision);
  const fits = images.length > 1 && options.length <= LIMITS.pollMaxOptions;
  const counts = maxChoices === 1 || maxChoices >= images.length;
  if (setToken === undefined || !fits || !counts || visibility === "secret") return undefined;
  return images.some(({ spoiler }) => spoiler === true) ? undefined : { ...decision, setToken };
}

/** What is to be pressed beside the options themselves. */
function pollKeyboard(view: ShownView): InlineKeyboardMarkup | undefined {
  const chosen = new Set((view.decision?.options ?? []).flatMap(({ token }) => token ?? []));
  const buttons = (view.buttons ?? []).map((row) => row.filter(({ token }) => !chosen.has(token)));
  const { text, language } = view;
  return keyboardOf({ text, ...(language === undefined ? {} : { language }), buttons });
}

/** Telegram counts the time down beside the poll, and closes it. */
function closeDateOf({ closesAtMs }: ShownDecision, nowMs: number): { close_date?: number } {
  const inMs = closesAtMs - nowMs;
  const fits = inMs >= LIMITS.pollOpenMinMs && inMs <= LIMITS.pollOpenMaxMs;
  return fits ? { close_date: Math.ceil(closesAtMs / 1000) } : {};
}

function descriptionOf({ notes }: ShownDecision): { description?: string } {
  const said = notes.join("\n");
  return said === "" ? {} : { description: cutText(said, LIMITS.captionMaxChars) };
}

/** Whatever it is that this chat or server has against such a poll. */
const isNo = (error: unknown): boolean =>
  error instanceof NoPolls || error instanceof Refused || (error instanceof ChatError && error.code === "too_large");
