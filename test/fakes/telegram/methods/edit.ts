import { chatOf, messageIn, refuseForbidden } from "../access.ts";
import { captionOf, mediaContent, textContent } from "../content.ts";
import { inlineMarkupOf } from "../markup.ts";
import { asArray, integerOf, type Params, textOf } from "../params.ts";
import { stopPoll } from "../polls.ts";
import { badRequest } from "../refusal.ts";
import type { Methods, Telegram } from "../telegram.ts";
import { messageJson, ownPollJson } from "../wire.ts";
import { type Chat, type Content, isAdmin, type Markup, type Message } from "../world.ts";

const DELETE_WITHIN_MS = 48 * 3_600_000;
const DELETE_MAX = 100;
const NOT_MODIFIED =
  "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message";

interface Target {
  readonly message: Message;
  /** An edit of an inline message answers `true`, as the bot cannot see where it is. */
  readonly inline: boolean;
}

function targetOf(telegram: Telegram, params: Params): Target {
  const inlineId = textOf(params, "inline_message_id");
  if (textOf(params, "chat_id") === "" && integerOf(params, "message_id") === undefined) {
    if (inlineId === "") throw badRequest("message identifier is not specified");
    const message = telegram.world.inlineMessage(inlineId);
    if (!message || message.deleted) throw badRequest("MESSAGE_ID_INVALID");
    return { message, inline: true };
  }
  const message = messageIn(telegram, chatOf(telegram, params, "edit"), params, "message to edit");
  // Of others' messages, and with any other keyboard than an inline one, nothing can be changed.
  const own = isOwn(telegram, message);
  if (!own || (message.markup && message.markup.kind !== "inline")) throw badRequest("message can't be edited");
  return { message, inline: false };
}

/** Sent by the bot, or any post of a channel it runs. */
const isOwn = ({ world }: Telegram, { from, viaBot, chat, content }: Message): boolean =>
  content.kind !== "service" && (from === world.bot || viaBot || chat.kind === "channel");

function sameContent(a: Content, b: Content): boolean {
  if (a.kind === "service" || b.kind === "service" || a.kind !== b.kind) return false;
  const bytesOf = (content: Content) =>
    content.kind === "photo" ? content.photo.uniqueId : content.kind === "document" ? content.document.uniqueId : "";
  return a.text === b.text && JSON.stringify(a.entities) === JSON.stringify(b.entities) && bytesOf(a) === bytesOf(b);
}

function changed(
  telegram: Telegram,
  { message, inline }: Target,
  content: Content,
  markup: Markup | undefined,
): unknown {
  if (sameContent(message.content, content) && JSON.stringify(message.markup) === JSON.stringify(markup))
    throw badRequest(NOT_MODIFIED);
  telegram.flood.spend(message.chat, 1, "edit");
  telegram.world.change(message, content, markup);
  return inline ? true : messageJson(message, telegram.world);
}

async function editMedia(telegram: Telegram, params: Params): Promise<unknown> {
  const markup = inlineMarkupOf(params);
  if (textOf(params, "media") === "") throw badRequest('parameter "media" is required');
  targetOf(telegram, params);
  const content = await mediaContent(telegram, params, params.values["media"], "edit");
  // Once more: it may be deleted by now.
  const target = targetOf(telegram, params);
  const old = target.message.content;
  if (old.kind === "text" && telegram.behaviour.refusesTextToMedia)
    throw badRequest("there is no media in the message to edit");
  if (target.message.albumId !== undefined && old.kind !== content.kind)
    throw badRequest("can't change media type in the album");
  refuseForbidden(telegram, target.message.chat, content);
  // An inline message is in no chat of the bot's: its new media must be known already.
  if (target.inline && params.files.size > 0) throw badRequest("MEDIA_INVALID");
  return changed(telegram, target, content, markup);
}

/** Why the bot may not delete this message; `undefined` when it may. */
function undeletable(telegram: Telegram, chat: Chat, message: Message): string | undefined {
  const membership = telegram.world.membershipIn(chat, telegram.world.bot.id);
  const others = chat.kind === "private" || (isAdmin(membership) && membership.canDelete);
  const opening = message.content.kind === "service" && "forum_topic_created" in message.content.fields;
  if (opening || (!isOwn(telegram, message) && !others)) return "message can't be deleted";
  if (telegram.clock.nowMs() - message.dateMs > DELETE_WITHIN_MS) return "message can't be deleted for everyone";
  return undefined;
}

function deleteMessages(telegram: Telegram, params: Params): boolean {
  const ids = asArray(params.values["message_ids"]);
  if (!ids) throw badRequest("message identifiers are not specified");
  if (ids.length > DELETE_MAX) throw badRequest("too many message identifiers specified");
  const chat = chatOf(telegram, params, "edit");
  const messages = ids.flatMap((id) => telegram.world.find(chat, Number(id)) ?? []);
  for (const message of messages) {
    const why = undeletable(telegram, chat, message);
    if (why !== undefined) throw badRequest(why);
  }
  for (const message of messages) message.deleted = true;
  return true;
}

export const editMethods: Methods = {
  editmessagetext(telegram, params) {
    const markup = inlineMarkupOf(params);
    const target = targetOf(telegram, params);
    if (target.message.content.kind !== "text") throw badRequest("there is no text in the message to edit");
    return changed(telegram, target, textContent(params, "edit"), markup);
  },
  editmessagecaption(telegram, params) {
    const markup = inlineMarkupOf(params);
    const target = targetOf(telegram, params);
    const { content } = target.message;
    if (content.kind !== "photo" && content.kind !== "document")
      throw badRequest("there is no caption in the message to edit");
    return changed(telegram, target, { ...content, ...captionOf(params.values, "edit") }, markup);
  },
  editmessagemedia: editMedia,
  stoppoll(telegram, params) {
    const chat = chatOf(telegram, params, "edit");
    const message = telegram.world.find(chat, integerOf(params, "message_id") ?? 0);
    const markup = inlineMarkupOf(params);
    stopPoll(telegram, message);
    if (!message) throw badRequest("message with poll to stop not found");
    telegram.world.change(message, message.content, markup);
    return ownPollJson(message.content, telegram.clock.nowMs());
  },
  editmessagereplymarkup(telegram, params) {
    const markup = inlineMarkupOf(params);
    const target = targetOf(telegram, params);
    return changed(telegram, target, target.message.content, markup);
  },
  deletemessage(telegram, params) {
    const chat = chatOf(telegram, params, "edit");
    const message = messageIn(telegram, chat, params, "message to delete");
    const why = undeletable(telegram, chat, message);
    if (why !== undefined) throw badRequest(why);
    message.deleted = true;
    return true;
  },
  deletemessages: deleteMessages,
};
