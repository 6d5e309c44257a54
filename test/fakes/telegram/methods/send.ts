import { chatOf, refuseForbidden, topicOf } from "../access.ts";
import { fileContent, mediaContent, textContent } from "../content.ts";
import { markupOf } from "../markup.ts";
import { opaque } from "../opaque.ts";
import { asArray, asObject, integerOf, type Params, textOf } from "../params.ts";
import { pollContent } from "../polls.ts";
import { badRequest } from "../refusal.ts";
import type { Methods, Telegram } from "../telegram.ts";
import { messageJson } from "../wire.ts";
import type { Chat, Content, Json, Markup, Message } from "../world.ts";

const ALBUM = { min: 2, max: 10 };
const ACTIONS =
  /^(typing|upload_photo|record_video|upload_video|record_voice|upload_voice|upload_document|choose_sticker|find_location|record_video_note|upload_video_note)$/;

interface Spot {
  readonly chat: Chat;
  readonly topicId: number | undefined;
  readonly replyTo: Message | undefined;
}

function replyOf(telegram: Telegram, chat: Chat, params: Params): Message | undefined {
  const given = params.values["reply_parameters"];
  if (given === undefined || given === null) return undefined;
  const reply = asObject(given);
  if (!reply) throw badRequest("object expected as reply parameters");
  const elsewhere = reply["chat_id"];
  const from = elsewhere === undefined ? chat : telegram.world.chats.get(Number(elsewhere));
  const message = from && telegram.world.find(from, Number(reply["message_id"]));
  if (!message && reply["allow_sending_without_reply"] !== true) throw badRequest("message to be replied not found");
  return message;
}

function spotOf(telegram: Telegram, params: Params): Spot {
  const chat = chatOf(telegram, params, "write");
  const named = topicOf(telegram, chat, params);
  const replyTo = replyOf(telegram, chat, params);
  // A reply goes where the message replied to is.
  return { chat, topicId: named ?? (replyTo?.chat === chat ? replyTo.topicId : undefined), replyTo };
}

/** A bot that sends this took a thread of replies for a topic. */
function complainAboutTopic(telegram: Telegram, { forum }: Chat, params: Params): void {
  const id = integerOf(params, "message_thread_id");
  if (!forum && id !== undefined) telegram.complain(`message_thread_id ${id} in a chat without topics`);
}

function posted(telegram: Telegram, spot: Spot, content: Content, markup?: Markup, albumId?: string): Json {
  const inChannel = spot.chat.kind === "channel";
  const { bot } = telegram.world;
  const message = telegram.world.addMessage({
    ...spot,
    from: bot,
    senderChat: inChannel ? spot.chat : undefined,
    content,
    markup,
    albumId,
  });
  return messageJson(message, telegram.world);
}

async function sendOne(
  telegram: Telegram,
  params: Params,
  content: (telegram: Telegram, params: Params) => Content | Promise<Content>,
): Promise<Json> {
  const markup = markupOf(params);
  spotOf(telegram, params);
  const made = await content(telegram, params);
  // Once more: the chat may have changed while a picture was decoded.
  const spot = spotOf(telegram, params);
  refuseForbidden(telegram, spot.chat, made);
  telegram.flood.spend(spot.chat, 1, "send");
  complainAboutTopic(telegram, spot.chat, params);
  return posted(telegram, spot, made, markup);
}

async function sendMediaGroup(telegram: Telegram, params: Params): Promise<readonly Json[]> {
  const media = asArray(params.values["media"]);
  if (!media) throw badRequest("expected an Array of InputMedia");
  if (media.length > ALBUM.max) throw badRequest("too many messages to send as an album");
  if (media.length === 0) throw badRequest("there are no messages to send");
  // Documented as 2-10; the words for one alone are ours.
  if (media.length < ALBUM.min) throw badRequest("too few messages to send as an album");
  spotOf(telegram, params);
  const contents: Content[] = [];
  for (const each of media) contents.push(await mediaContent(telegram, params, each, "send"));
  if (new Set(contents.map(({ kind }) => kind)).size > 1)
    throw badRequest("document can't be mixed with other media types");
  const spot = spotOf(telegram, params);
  for (const each of contents) refuseForbidden(telegram, spot.chat, each);
  telegram.flood.spend(spot.chat, contents.length, "send");
  complainAboutTopic(telegram, spot.chat, params);
  const albumId = String(13_000_000_000_000_000 + Math.floor(telegram.chance() * 1e15));
  return contents.map((content) => posted(telegram, spot, content, undefined, albumId));
}

export const sendMethods: Methods = {
  sendmessage: (telegram, params) => sendOne(telegram, params, () => textContent(params, "send")),
  sendphoto: (telegram, params) => sendOne(telegram, params, () => fileContent(telegram, params, "photo")),
  senddocument: (telegram, params) => sendOne(telegram, params, () => fileContent(telegram, params, "document")),
  sendpoll: (telegram, params) =>
    sendOne(telegram, params, () => pollContent(telegram, params, chatOf(telegram, params, "write"))),
  sendmediagroup: sendMediaGroup,
  sendchataction(telegram, params) {
    const action = textOf(params, "action");
    if (!ACTIONS.test(action)) throw badRequest("wrong parameter action in request");
    const chat = chatOf(telegram, params, "write");
    const threadId = integerOf(params, "message_thread_id");
    // Unlike a message, an action may name General.
    if (threadId !== 1) topicOf(telegram, chat, params);
    telegram.actions.push({ chatId: chat.id, threadId, action, atMs: telegram.clock.nowMs() });
    return true;
  },
};

/** For inline messages, which have no place of their own. */
export const newInlineMessageId = (telegram: Telegram): string => `AQAA${opaque(telegram.chance, 28)}`;
