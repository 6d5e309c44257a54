import type { InlineKeyboardMarkup } from "grammy/types";
import type { Place } from "../../src/domain/place.ts";
import { text } from "../../src/domain/text.ts";
import { render } from "../../src/messages/render.ts";
import type { Log } from "../../src/ports/log.ts";
import type { Calls } from "./calls.ts";
import { Refused } from "./errors.ts";
import { captionOf, destinationIn, markupOf } from "./framing.ts";
import { LIMITS } from "./limits.ts";
import type { Notes } from "./notes.ts";
import type { Sending } from "./sending.ts";
import { cutStyled, joined, type Styled, styled } from "./text.ts";

/** A message whose picture is to go, and that may not be edited any more. */
interface Uneditable {
  readonly place: Place;
  readonly chatId: string;
  readonly knownAs: number;
  readonly messageId: number;
}

/**
 * Takes a picture off that can no longer be exchanged: its whole message goes, and the words come in one of their own. Where
 * it may not be deleted either, which bots may not after two days, its words are what is left to change; they say who can.
 *
 * @throws ChatError
 */
export function createTakeOff(deps: {
  readonly calls: Calls;
  readonly notes: Notes;
  readonly sending: Sending;
  /** For what is said to all in a chat. */
  readonly language: (place: Place) => Promise<string>;
  readonly log: Log;
}): (of: Uneditable, words: Styled, keyboard: InlineKeyboardMarkup | undefined) => Promise<void> {
  const { calls, notes, log } = deps;

  /** false: Telegram says no to it. */
  async function allowed(what: string, { chatId }: Uneditable, call: () => Promise<unknown>): Promise<boolean> {
    try {
      await call();
      return true;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      log.info("telegram.cannot_take_off", { chat: chatId, what, why: error.description });
      return false;
    }
  }

  return async (of, words, keyboard) => {
    const { place, chatId, messageId, knownAs } = of;
    const deleted = await allowed("message", of, () =>
      calls.other(chatId, "final", (api, chat) => api.deleteMessage(chat, messageId)),
    );
    const hint = deleted ? [] : [styled(render(text("telegram.cannot-take-off"), await deps.language(place)))];
    const said = cutStyled(joined([words, ...hint], "\n"), LIMITS.captionMaxChars);
    const captioned =
      !deleted &&
      (await allowed("caption", of, () =>
        calls.edit(chatId, "final", (api, chat) =>
          api.editMessageCaption(chat, messageId, { ...captionOf(said), ...markupOf(keyboard) }),
        ),
      ));
    if (captioned) return;
    const to = { ...destinationIn(place), silent: true, ...(deleted ? {} : { replyTo: messageId }) };
    const newId = await deps.sending.text(to, said, keyboard);
    await notes.change(chatId, knownAs, { movedTo: newId });
  };
}
