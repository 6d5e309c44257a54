import { nowS } from "./seconds.ts";
import type { Telegram } from "./telegram.ts";
import { chatJson, chatMemberJson, messageJson, userJson } from "./wire.ts";
import {
  asMember,
  type Chat,
  isAdmin,
  isInside,
  type Json,
  type Membership,
  type Message,
  type User,
} from "./world.ts";

/** What happens in chats, as the bot is told of it: nothing it may not hear. */

const laneOf = (chat: Chat): string => `chat/${chat.id}`;

/** Whether the bot, as it is in this chat, gets this message. */
function hears(telegram: Telegram, message: Message): boolean {
  const { world, behaviour } = telegram;
  const { chat, content } = message;
  if (message.from === world.bot) return false;
  if (chat.kind === "private") return chat.user?.blockedBot !== true;
  const membership = world.membershipIn(chat, world.bot.id);
  if (!isInside(membership)) return false;
  // Administrators hear everything, and so does everybody in a channel; everybody hears of what happened to the chat.
  if (!behaviour.privacyMode || isAdmin(membership) || chat.kind === "channel") return true;
  if (content.kind === "service" || message.viaBot || message.replyTo?.from === world.bot) return true;
  const command = content.entities.find(({ type }) => type === "bot_command");
  if (!command) return false;
  const [, addressee] = content.text.slice(command.offset, command.offset + command.length).split("@");
  return addressee === undefined || addressee.toLowerCase() === world.bot.username?.toLowerCase();
}

export function announceMessage(telegram: Telegram, message: Message, edited = false): void {
  if (!hears(telegram, message)) return;
  const kind = message.chat.kind === "channel" ? "channel_post" : "message";
  telegram.updates.add(edited ? `edited_${kind}` : kind, laneOf(message.chat), messageJson(message, telegram.world));
}

/** Who came, went or changed: the bot itself always hears of itself, of others only as an administrator who asked. */
export function announceMembership(
  telegram: Telegram,
  chat: Chat,
  by: User,
  user: User,
  before: Membership,
  after: Membership,
): void {
  const { world } = telegram;
  const own = user === world.bot;
  if (!own && !isAdmin(world.membershipIn(chat, world.bot.id))) return;
  telegram.updates.add(own ? "my_chat_member" : "chat_member", laneOf(chat), {
    chat: chatJson(chat),
    from: userJson(by),
    date: nowS(telegram.clock),
    old_chat_member: chatMemberJson(user, before, chat),
    new_chat_member: chatMemberJson(user, after, chat),
  });
}

/** Blocking and unblocking look like leaving and joining the private chat. */
export function announceBlocking(telegram: Telegram, chat: Chat, user: User, blocked: boolean): void {
  const [before, after] = blocked ? ["member" as const, "kicked" as const] : ["kicked" as const, "member" as const];
  announceMembership(telegram, chat, user, telegram.world.bot, asMember(before), asMember(after));
}

const emojiJson = (emoji: string): Json => ({ type: "emoji", emoji });
const COUNTS_AFTER_MS = 180_000;

/** Named in groups, counted and minutes late in channels. */
export function announceReaction(
  telegram: Telegram,
  message: Message,
  user: User,
  before: readonly string[],
  after: readonly string[],
): void {
  const { world, updates, clock } = telegram;
  const { chat } = message;
  const about = { chat: chatJson(chat), message_id: message.id };
  if (chat.kind !== "private" && !isAdmin(world.membershipIn(chat, world.bot.id))) return;
  if (chat.kind !== "channel") {
    updates.add("message_reaction", laneOf(chat), {
      ...about,
      user: userJson(user),
      date: nowS(clock),
      old_reaction: before.map(emojiJson),
      new_reaction: after.map(emojiJson),
    });
    return;
  }
  clock.after(COUNTS_AFTER_MS, () => {
    const counts = Map.groupBy([...message.reactions.values()].flat(), (emoji) => emoji);
    const reactions = [...counts].map(([emoji, all]) => ({ type: emojiJson(emoji), total_count: all.length }));
    updates.add("message_reaction_count", laneOf(chat), { ...about, date: nowS(clock), reactions });
  });
}
