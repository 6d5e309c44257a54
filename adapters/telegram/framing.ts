import type { InlineKeyboardMarkup, MessageEntity, ReplyParameters } from "grammy/types";
import type { Place } from "../../src/domain/place.ts";
import type { Lane } from "./lanes.ts";
import type { Styled } from "./text.ts";

// What every message has around it: where it goes, what it answers, what is under it.

/** Where a new message goes, and what it answers. */
export interface Destination {
  readonly chatId: string;
  readonly threadId?: string;
  readonly replyTo?: number;
  /** Without a sound. */
  readonly silent?: boolean;
  /** How long to wait for the chat's turn; else the caller comes again. */
  readonly patienceMs?: number;
  /** By default a first answer. */
  readonly lane?: Lane;
}

export const destinationIn = (place: Place): Destination => ({
  chatId: place.chatId,
  ...(place.threadId === undefined ? {} : { threadId: place.threadId }),
});

export type Markup =
  | InlineKeyboardMarkup
  | { readonly force_reply: true; readonly selective: true; readonly input_field_placeholder?: string };

export const NO_PREVIEW = { link_preview_options: { is_disabled: true } } as const;
/** The types of grammY want arrays they may change; they do not. */
export const entitiesOf = ({ entities }: Styled): MessageEntity[] => [...entities];
export const captionOf = (text: Styled) => ({ caption: text.text, caption_entities: entitiesOf(text) });
export const markupOf = <M extends Markup>(markup: M | undefined): { reply_markup?: M } =>
  markup === undefined ? {} : { reply_markup: markup };

/** What goes with every new message: its topic, what it replies to, whether it makes a sound. */
export function framing({ threadId, replyTo, silent }: Destination): {
  message_thread_id?: number;
  reply_parameters?: ReplyParameters;
  disable_notification?: true;
} {
  return {
    ...(threadId === undefined ? {} : { message_thread_id: Number(threadId) }),
    // The command may have been deleted meanwhile: its picture is still wanted.
    ...(replyTo === undefined ? {} : { reply_parameters: { message_id: replyTo, allow_sending_without_reply: true } }),
    ...(silent === true ? { disable_notification: true } : {}),
  };
}
