import { integerOf, type Params, textOf } from "./params.ts";
import { badRequest, forbidden } from "./refusal.ts";
import type { Telegram } from "./telegram.ts";
import { type Chat, type Content, isAdmin, isInside, type Message } from "./world.ts";

/** read: looking; edit: changing what is there; write: adding to it. */
export type Access = "read" | "edit" | "write";

/** The chat a call names, when the bot may do this there. @throws Refusal */
export function chatOf(telegram: Telegram, params: Params, access: Access): Chat {
  const named = textOf(params, "chat_id");
  if (named === "") throw badRequest("chat_id is empty");
  const chat = named.startsWith("@")
    ? [...telegram.world.chats.values()].find(
        ({ username, kind }) => kind !== "private" && username?.toLowerCase() === named.slice(1).toLowerCase(),
      )
    : telegram.world.chats.get(Number(named));
  if (chat) {
    refuse(telegram, chat, access);
    return chat;
  }
  // Somebody the bot has seen, without a chat of their own yet.
  if (telegram.world.users.has(Number(named)) && access === "write")
    throw forbidden("bot can't initiate conversation with a user");
  throw badRequest("chat not found");
}

function refuse(telegram: Telegram, chat: Chat, access: Access): void {
  if (chat.kind === "private") {
    refusePrivate(chat, access);
    return;
  }
  const membership = telegram.world.membershipIn(chat, telegram.world.bot.id);
  const named = `${chat.kind} chat`;
  if (chat.kind === "group") {
    if (chat.upgradedTo !== undefined && access !== "read")
      throw badRequest("group chat was upgraded to a supergroup chat", { migrate_to_chat_id: chat.upgradedTo });
    if (chat.gone && access === "write") throw forbidden("the group chat was deleted");
    if (access === "read") return;
  } else if (chat.gone) throw badRequest("chat not found");
  if (membership.status === "kicked") throw forbidden(`bot was kicked from the ${named}`);
  const open = chat.username !== undefined && access === "read";
  if (!isInside(membership) && !open) throw forbidden(`bot is not a member of the ${named}`);
  if (chat.kind === "channel" && access !== "read" && !isAdmin(membership))
    throw badRequest("need administrator rights in the channel chat");
}

function refusePrivate({ user }: Chat, access: Access): void {
  if (access === "read") return;
  if (user?.deactivated) throw forbidden("user is deactivated");
  if (!user?.started) throw forbidden("bot can't initiate conversation with a user");
  if (user.blockedBot) throw forbidden("bot was blocked by the user");
}

const FORBIDDEN = { text: "text messages", photo: "photos", document: "documents", poll: "polls" };

/** Administrators send what they like, everybody else what the chat allows. @throws Refusal */
export function refuseForbidden({ world }: Telegram, chat: Chat, { kind }: Content): void {
  if (kind === "service" || !chat.forbidden.has(kind) || isAdmin(world.membershipIn(chat, world.bot.id))) return;
  throw badRequest(`not enough rights to send ${FORBIDDEN[kind]} to the chat`);
}

/** `named`: as Telegram calls it in its refusal, e.g. "message to edit". @throws Refusal */
export function messageIn(telegram: Telegram, chat: Chat, params: Params, named: string): Message {
  const id = integerOf(params, "message_id");
  const message = id === undefined ? undefined : telegram.world.find(chat, id);
  if (!message) throw badRequest(`${named} not found`);
  return message;
}

const GENERAL_TOPIC_ID = 1;

/** Where in the chat a new message goes. @throws Refusal */
export function topicOf(telegram: Telegram, chat: Chat, params: Params): number | undefined {
  const id = integerOf(params, "message_thread_id");
  if (id === undefined || id <= 0) return undefined;
  // Telegram drops it without a word.
  if (!chat.forum) return undefined;
  const topic = id === GENERAL_TOPIC_ID ? undefined : chat.topics.get(id);
  if (!topic) throw badRequest("message thread not found");
  if (topic.closed && !isAdmin(telegram.world.membershipIn(chat, telegram.world.bot.id)))
    throw badRequest("TOPIC_CLOSED");
  return id;
}
