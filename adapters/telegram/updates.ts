import { afterName, typedCommand } from "../../src/lib/typed-command.ts";
import { withoutUnseen } from "../../src/lib/unseen.ts";
import type { PlainMessage, SeenMessage, SeenUpdate } from "./shapes.ts";
import { nameOf, presserOf, type Where, type Who, whereOf, whoOf } from "./who.ts";

/** Who we are, as `getMe` says. */
export interface Me {
  readonly id: number;
  readonly username: string;
}

/** A file that can be fetched later: it travels in the inbox. */
export interface FileRef {
  readonly fileId: string;
  readonly name: string;
  readonly mime: string;
  readonly sizeBytes: number;
}

export interface RepliedTo {
  readonly messageId: number;
  /** It is a message of this bot. */
  readonly ours: boolean;
  /** Whose it is, when a member wrote it as themselves. */
  readonly by?: Who;
  readonly showsPicture: boolean;
  readonly files: readonly FileRef[];
}

interface Said {
  readonly where: Where;
  readonly who: Who;
  readonly messageId: number;
  /** When it was written, or changed last; whole seconds. */
  readonly sentAtMs: number;
  readonly files: readonly FileRef[];
  readonly repliedTo?: RepliedTo;
  /** How long after it was sent it was changed; absent for a new message. */
  readonly editedAfterMs?: number;
}

export type Seen =
  | (Said & {
      readonly kind: "command";
      readonly commandName: string;
      readonly text: string;
      /** Written as /name@us: meant for us alone. */
      readonly addressed: boolean;
    })
  | (Said & { readonly kind: "words"; readonly text: string })
  | {
      readonly kind: "press";
      readonly callbackId: string;
      readonly data: string;
      readonly who: Who;
      readonly where: Where;
      readonly messageId: number;
    }
  | { readonly kind: "moved"; readonly fromChatId: string; readonly toChatId: string }
  | {
      readonly kind: "membership";
      readonly where: Where;
      /** Who changed it. */
      readonly who: Who;
      readonly here: boolean;
      readonly wasHere: boolean;
    }
  | { readonly kind: "thumb"; readonly where: Where; readonly who: Who; readonly messageId: number }
  | {
      readonly kind: "vote";
      readonly pollId: string;
      /** Which options, from 0; none: taken back. */
      readonly chosen: readonly number[];
      /** `asTheChat` is not told: Telegram does not say where the poll is. */
      readonly who: Who;
    }
  | { readonly kind: "inline"; readonly queryId: string; readonly who: Who; readonly typed: string };

/** What an update means to us; `undefined` for what does not concern us, which is most of what a group says. */
export function seenIn(update: SeenUpdate, me: Me): Seen | undefined {
  const message = update.message ?? update.channel_post;
  if (message) return seenInMessage(message, me);
  const edited = update.edited_message ?? update.edited_channel_post;
  if (edited) return seenInEdit(edited, me);
  if (update.callback_query) return seenInPress(update.callback_query);
  if (update.my_chat_member) return seenInMembership(update.my_chat_member);
  if (update.message_reaction) return seenInReaction(update.message_reaction);
  if (update.poll_answer) return seenInPollAnswer(update.poll_answer);
  if (update.inline_query) {
    const { id, from, query } = update.inline_query;
    return { kind: "inline", queryId: id, who: whoOf(from), typed: query };
  }
  return undefined;
}

/** Unique for ever: update ids start anew at a random number after a quiet week, so what caused it goes along. */
export function updateIdOf(update: SeenUpdate, botId: number): string {
  const { message, channel_post, edited_message, edited_channel_post, callback_query, message_reaction } = update;
  const { poll_answer: vote } = update;
  const said = message ?? channel_post ?? edited_message ?? edited_channel_post ?? message_reaction;
  const cause = callback_query
    ? `c${callback_query.id}`
    : said
      ? `m${said.chat.id}:${said.message_id}`
      : vote
        ? `p${vote.poll_id}:${vote.voter_chat?.id ?? vote.user?.id ?? ""}`
        : `u${update.inline_query?.id ?? ""}`;
  return `telegram:${botId}:${update.update_id}:${cause}`;
}

/** What must happen in order happens per chat. */
export const orderKeyOf = (seen: Seen): string => {
  switch (seen.kind) {
    case "moved":
      return seen.toChatId;
    case "inline":
      return `inline:${seen.who.id}`;
    case "vote":
      return `poll:${seen.pollId}`;
    default:
      return seen.where.chatId;
  }
};

function seenInMessage(message: SeenMessage, me: Me): Seen | undefined {
  const chatId = String(message.chat.id);
  if (message.migrate_to_chat_id !== undefined)
    return { kind: "moved", fromChatId: chatId, toChatId: String(message.migrate_to_chat_id) };
  if (message.migrate_from_chat_id !== undefined)
    return { kind: "moved", fromChatId: String(message.migrate_from_chat_id), toChatId: chatId };
  return said(message, me);
}

function seenInEdit(message: SeenMessage, me: Me): Seen | undefined {
  const seen = said(message, me);
  const editedAfterMs = Math.max(0, (message.edit_date ?? message.date) - message.date) * 1000;
  return seen?.kind === "command" ? { ...seen, editedAfterMs } : undefined;
}

function said(message: SeenMessage, me: Me): Extract<Seen, { kind: "command" | "words" }> | undefined {
  const who = authorOf(message);
  // A channel's post shows up in its discussion group by itself: it was answered in the channel.
  if (!who || message.is_automatic_forward === true) return undefined;
  const text = message.text ?? message.caption;
  const repliedTo = repliedToOf(message, me);
  const base = {
    where: whereOf(message),
    who,
    messageId: message.message_id,
    sentAtMs: (message.edit_date ?? message.date) * 1000,
    files: filesOf(message),
    ...(repliedTo ? { repliedTo } : {}),
  };
  const alone = message.chat.type === "private";
  // Of an album only the photo with the caption speaks.
  if (text === undefined)
    return alone && base.files.length > 0 && message.media_group_id === undefined
      ? { kind: "words", ...base, text: "" }
      : undefined;
  const command = commandIn(text, message.entities ?? message.caption_entities ?? [], me);
  if (command === "for another bot") return undefined;
  if (command) return { kind: "command", ...base, ...command };
  // In a group a caption is about its photo, not an answer.
  const answers = message.text !== undefined && repliedTo?.ours === true;
  return alone || answers ? { kind: "words", ...base, text } : undefined;
}

const COMMAND = /^\/([A-Za-z0-9_]{1,32})(?:@([A-Za-z0-9_]{4,32}))?$/;

function commandIn(
  text: string,
  entities: readonly { readonly type: string; readonly offset: number; readonly length: number }[],
  me: Me,
): { commandName: string; text: string; addressed: boolean } | "for another bot" | undefined {
  // Telegram knows no slash of full width.
  const wide = /^\s*／/u.test(withoutUnseen(text)) ? typedCommand(text, () => false) : undefined;
  if (wide) return { commandName: wide.name, text: wide.text, addressed: false };
  // Marks that nobody sees come along when a line is copied.
  const first = entities.find(
    ({ type, offset }) => type === "bot_command" && withoutUnseen(text.slice(0, offset)).trim() === "",
  );
  const end = first ? first.offset + first.length : 0;
  const [, name, bot] = (first && COMMAND.exec(text.slice(first.offset, end))) ?? [];
  if (name === undefined) return undefined;
  if (bot !== undefined && bot.toLowerCase() !== me.username.toLowerCase()) return "for another bot";
  return { commandName: name.toLowerCase(), text: afterName(text.slice(end)), addressed: bot !== undefined };
}

function repliedToOf(message: SeenMessage, me: Me): RepliedTo | undefined {
  const replied = message.reply_to_message;
  // In a topic every message replies to the one that opened it.
  if (!replied || replied.forum_topic_created !== undefined) return undefined;
  const by = authorOf(replied);
  return {
    messageId: replied.message_id,
    ours: replied.from?.id === me.id,
    ...(by && !replied.sender_chat ? { by } : {}),
    showsPicture: (replied.photo?.length ?? 0) > 0,
    files: filesOf(replied),
  };
}

function filesOf({ photo, document }: PlainMessage): readonly FileRef[] {
  const largest = photo?.toSorted((a, b) => b.width * b.height - a.width * a.height)[0];
  const { file_id, file_name = "file", mime_type = "application/octet-stream", file_size = 0 } = document ?? {};
  return [
    ...(largest
      ? [{ fileId: largest.file_id, name: "photo.jpg", mime: "image/jpeg", sizeBytes: largest.file_size ?? 0 }]
      : []),
    ...(file_id === undefined ? [] : [{ fileId: file_id, name: file_name, mime: mime_type, sizeBytes: file_size }]),
  ];
}

/** An anonymous admin comes as the group, a channel's post as the channel; other bots are not listened to. */
function authorOf({ chat, from, sender_chat: as, author_signature: signature }: PlainMessage): Who | undefined {
  if (as) return { id: as.id, name: nameOf(as.id, signature ?? as.title), asTheChat: as.id === chat.id };
  return from && !from.is_bot ? whoOf(from) : undefined;
}

const HERE = /^(creator|administrator|member|restricted)$/;

function seenInMembership(change: NonNullable<SeenUpdate["my_chat_member"]>): Seen {
  return {
    kind: "membership",
    where: whereOf({ chat: change.chat }),
    who: whoOf(change.from),
    here: HERE.test(change.new_chat_member.status),
    wasHere: HERE.test(change.old_chat_member.status),
  };
}

function seenInPress({ id, from, message, data }: NonNullable<SeenUpdate["callback_query"]>): Seen | undefined {
  // Without a message it was under an inline result, where we put no buttons.
  if (!message || data === undefined) return undefined;
  return {
    kind: "press",
    callbackId: id,
    data,
    who: presserOf(from, message.chat),
    where: whereOf(message),
    messageId: message.message_id,
  };
}

/** Older servers name a stand-in for a user beside the chat in whose name somebody votes. */
function seenInPollAnswer(answer: NonNullable<SeenUpdate["poll_answer"]>): Seen | undefined {
  const { poll_id: pollId, voter_chat: chat, user, option_ids: chosen } = answer;
  const who = chat
    ? { id: chat.id, name: nameOf(chat.id, chat.title), asTheChat: false }
    : user && !user.is_bot
      ? whoOf(user)
      : undefined;
  return who && { kind: "vote", pollId, chosen, who };
}

const THUMB = "👍";

function seenInReaction(change: NonNullable<SeenUpdate["message_reaction"]>): Seen | undefined {
  const has = (list: typeof change.new_reaction) => list.some(({ emoji }) => emoji === THUMB);
  if (!change.user || change.user.is_bot || !has(change.new_reaction) || has(change.old_reaction)) return undefined;
  return {
    kind: "thumb",
    where: whereOf({ chat: change.chat }),
    who: whoOf(change.user),
    messageId: change.message_id,
  };
}
