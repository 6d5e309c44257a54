import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { AboutRef } from "../../src/domain/place.ts";
import { text } from "../../src/domain/text.ts";
import { asError } from "../../src/lib/error.ts";
import { render } from "../../src/messages/render.ts";
import type { Log } from "../../src/ports/log.ts";
import type { ModuleServices } from "../../src/ports/module.ts";
import type { Calls } from "./calls.ts";
import type { Destination } from "./framing.ts";
import { encodeOwn } from "./keyboard.ts";
import { placeSchema } from "./notes.ts";
import type { Sending } from "./sending.ts";
import { styled } from "./text.ts";

/** What was said an hour ago is no wish any more. */
const OPEN_FOR_MS = 3_600_000;

const offerSchema = z.object({
  memberId: z.string(),
  memberName: z.string(),
  untilMs: z.number(),
  words: z.string(),
  about: z.object({ place: placeSchema, messageId: z.string(), albumIndex: z.number().exactOptional() }),
  chatId: z.string(),
  messageId: z.number(),
});
type ReplyOffer = z.output<typeof offerSchema>;

/** Words in reply to a picture may be talk: before anything is made of them, a button asks. */
export interface ReplyOffers {
  /** Asks whether the picture is to be made anew with these words. @throws ChatError */
  make(to: Destination, who: { readonly name: string; readonly memberId: string }, said: Said): Promise<void>;
  /** What was asked; `undefined`: long ago, or answered. */
  open(offerId: string): Promise<ReplyOffer | undefined>;
  /** It was answered: the question leaves the chat. */
  close(offerId: string): Promise<void>;
  sweep(nowMs: number): Promise<void>;
}

interface Said {
  readonly words: string;
  readonly about: Pick<AboutRef, "place" | "messageId" | "albumIndex">;
  readonly language: string;
}

export function createReplyOffers(deps: {
  readonly calls: Calls;
  readonly sending: Sending;
  readonly values: ModuleServices["values"];
  readonly nowMs: () => number;
  readonly log: Log;
}): ReplyOffers {
  const { calls, nowMs } = deps;
  const offers = deps.values("reply-offer", offerSchema);
  return {
    async make(to, who, { words, about, language }) {
      const offerId = randomBytes(6).toString("base64url");
      const { place, messageId: aboutId, albumIndex } = about;
      const messageId = await deps.sending.text(to, styled(render(text("telegram.offer"), language)), {
        inline_keyboard: [
          [
            {
              text: render(text("telegram.button.make-anew"), language),
              callback_data: encodeOwn({ kind: "words", offerId }) ?? "",
              style: "primary",
            },
          ],
        ],
      });
      await offers.set(offerId, {
        memberId: who.memberId,
        memberName: who.name,
        untilMs: nowMs() + OPEN_FOR_MS,
        words,
        about: { place, messageId: aboutId, ...(albumIndex === undefined ? {} : { albumIndex }) },
        chatId: to.chatId,
        messageId,
      });
    },

    async open(offerId) {
      const offer = await offers.get(offerId);
      return offer && offer.untilMs >= nowMs() ? offer : undefined;
    },

    async close(offerId) {
      const offer = await offers.get(offerId);
      await offers.delete(offerId);
      if (offer)
        await calls
          .other(offer.chatId, "spare", (api, chat) => api.deleteMessage(chat, offer.messageId))
          .catch((error: unknown) => deps.log.debug("telegram.offer_left", { error: asError(error) }));
    },

    async sweep(atMs) {
      for (const [id, { untilMs }] of await offers.entries()) if (untilMs < atMs) await offers.delete(id);
    },
  };
}
