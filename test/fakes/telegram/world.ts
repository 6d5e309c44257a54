import type { Entity } from "./entities.ts";
import type { StoredDocument, StoredPhoto } from "./files.ts";

export type Json = Readonly<Record<string, unknown>>;

export interface User {
  readonly id: number;
  readonly isBot: boolean;
  readonly firstName: string;
  readonly lastName: string | undefined;
  readonly username: string | undefined;
  readonly languageCode: string | undefined;
  /** A bot can write only to who wrote to it first. */
  started: boolean;
  blockedBot: boolean;
  /** The account was deleted. */
  deactivated: boolean;
}

export type Status = "creator" | "administrator" | "member" | "left" | "kicked";
export interface Membership {
  readonly status: Status;
  readonly anonymous: boolean;
  /** An administrator may delete messages of others. */
  readonly canDelete: boolean;
}

export type ChatKind = "private" | "group" | "supergroup" | "channel";
export interface Topic {
  readonly threadId: number;
  readonly name: string;
  closed: boolean;
}

export interface Chat {
  readonly id: number;
  readonly kind: ChatKind;
  readonly title: string | undefined;
  readonly username: string | undefined;
  readonly forum: boolean;
  /** The other side of a private chat. */
  readonly user: User | undefined;
  readonly members: Map<number, Membership>;
  readonly topics: Map<number, Topic>;
  readonly messages: Map<number, Message>;
  readonly nextMessageId: () => number;
  /** What members may not send here. */
  readonly forbidden: Set<Exclude<Content["kind"], "service">>;
  upgradedTo: number | undefined;
  gone: boolean;
}

export type Content =
  | { readonly kind: "text"; readonly text: string; readonly entities: readonly Entity[] }
  | {
      readonly kind: "photo";
      readonly text: string;
      readonly entities: readonly Entity[];
      readonly photo: StoredPhoto;
      readonly spoiler: boolean;
    }
  | {
      readonly kind: "document";
      readonly text: string;
      readonly entities: readonly Entity[];
      readonly document: StoredDocument;
    }
  | { readonly kind: "poll"; readonly text: string; readonly entities: readonly Entity[]; readonly poll: Poll }
  | { readonly kind: "service"; readonly fields: Json };

export interface PollOption {
  readonly persistentId: string;
  readonly text: string;
  readonly photo?: StoredPhoto;
}
export interface Poll {
  readonly id: string;
  readonly options: readonly PollOption[];
  readonly anonymous: boolean;
  readonly multiple: boolean;
  readonly hidden: boolean;
  readonly description: string;
  readonly closesAtMs: number | undefined;
  /** The options each voter has chosen, from 0. */
  readonly votes: Map<number, readonly number[]>;
  stopped: boolean;
}

export interface Button extends Json {
  readonly text: string;
  readonly callback_data?: string;
}
export type Keyboard = readonly (readonly Button[])[];
export type Markup =
  | { readonly kind: "inline"; readonly rows: Keyboard }
  | { readonly kind: "forceReply"; readonly selective: boolean }
  | { readonly kind: "other"; readonly markup: Json };

export interface Message {
  readonly chat: Chat;
  readonly id: number;
  readonly dateMs: number;
  readonly from: User | undefined;
  /** Who it is shown as, for channel posts and anonymous administrators. */
  readonly senderChat: Chat | undefined;
  readonly topicId: number | undefined;
  /** The first message of the thread of replies, in supergroups without topics and in General. */
  readonly threadRootId: number | undefined;
  readonly replyTo: Message | undefined;
  readonly albumId: string | undefined;
  readonly viaBot: boolean;
  readonly inlineMessageId: string | undefined;
  content: Content;
  markup: Markup | undefined;
  editedAtMs: number | undefined;
  deleted: boolean;
  /** What it has shown so far, the present last. */
  readonly versions: { readonly content: Content; readonly markup: Markup | undefined; readonly atMs: number }[];
  readonly reactions: Map<number, readonly string[]>;
}

/** Telegram shows anonymous administrators as this user. */
const ANONYMOUS_ADMIN_ID = 1_087_968_824;

const LEFT: Membership = { status: "left", anonymous: false, canDelete: false };
export const isInside = ({ status }: Membership): boolean => status !== "left" && status !== "kicked";
export const isAdmin = ({ status }: Membership): boolean => status === "creator" || status === "administrator";
export const asMember = (status: Status, more: Partial<Membership> = {}): Membership => ({
  status,
  anonymous: false,
  canDelete: status === "creator" || status === "administrator",
  ...more,
});

export interface NewMessage {
  readonly chat: Chat;
  readonly from?: User | undefined;
  readonly senderChat?: Chat | undefined;
  readonly topicId?: number | undefined;
  readonly replyTo?: Message | undefined;
  readonly albumId?: string | undefined;
  readonly viaBot?: boolean;
  readonly inlineMessageId?: string | undefined;
  readonly content: Content;
  readonly markup?: Markup | undefined;
}

export type World = ReturnType<typeof createWorld>;

/** Everything there is: who lives here, where they talk, and what was said. */
export function createWorld(nowMs: () => number, botName: string, botId: number) {
  const users = new Map<number, User>();
  const chats = new Map<number, Chat>();
  const inlineMessages = new Map<string, Message>();
  let people = 0;
  let groups = 0;
  // In private chats and basic groups ids count over all of the bot's chats, in supergroups and channels per chat.
  let accountMessageId = 0;

  function addUser(user: Omit<User, "started" | "blockedBot" | "deactivated">): User {
    const added = { ...user, started: false, blockedBot: false, deactivated: false };
    users.set(added.id, added);
    return added;
  }

  const bot = addUser({
    id: botId,
    isBot: true,
    firstName: "Placard",
    lastName: undefined,
    username: botName,
    languageCode: undefined,
  });
  const anonymousAdmin = addUser({
    id: ANONYMOUS_ADMIN_ID,
    isBot: true,
    firstName: "Group",
    lastName: undefined,
    username: "GroupAnonymousBot",
    languageCode: undefined,
  });

  function addChat(kind: ChatKind, about: Partial<Pick<Chat, "title" | "username" | "forum" | "user">>): Chat {
    groups += 1;
    // The first is that the chat was made; in forums it is General's number.
    let ownMessageId = 1;
    const shared = kind === "private" || kind === "group";
    const ids = { private: about.user?.id ?? 0, group: -4_100_000_000 - groups };
    const chat: Chat = {
      id: kind === "private" || kind === "group" ? ids[kind] : -1_002_000_000_000 - groups,
      kind,
      title: about.title,
      username: about.username,
      forum: about.forum ?? false,
      user: about.user,
      members: new Map(),
      topics: new Map(),
      messages: new Map(),
      nextMessageId: () => (shared ? ++accountMessageId : ++ownMessageId),
      forbidden: new Set(),
      upgradedTo: undefined,
      gone: false,
    };
    chats.set(chat.id, chat);
    return chat;
  }

  function threadRootOf({ chat, topicId, replyTo }: NewMessage): number | undefined {
    if (!replyTo || topicId !== undefined || chat.kind !== "supergroup") return undefined;
    return replyTo.threadRootId ?? replyTo.id;
  }

  function addMessage(draft: NewMessage, id: number = draft.chat.nextMessageId()): Message {
    const { chat, content, markup } = draft;
    const message: Message = {
      chat,
      id,
      dateMs: nowMs(),
      from: draft.from,
      senderChat: draft.senderChat,
      topicId: draft.topicId,
      threadRootId: threadRootOf(draft),
      replyTo: draft.replyTo,
      albumId: draft.albumId,
      viaBot: draft.viaBot ?? false,
      inlineMessageId: draft.inlineMessageId,
      content,
      markup,
      editedAtMs: undefined,
      deleted: false,
      versions: [{ content, markup, atMs: nowMs() }],
      reactions: new Map(),
    };
    chat.messages.set(message.id, message);
    if (message.inlineMessageId !== undefined) inlineMessages.set(message.inlineMessageId, message);
    return message;
  }

  return {
    nowMs,
    users,
    chats,
    bot,
    anonymousAdmin,
    addUser,
    nextUserId: () => 5_000_000_000 + ++people * 7,
    addChat,
    addMessage,
    inlineMessage: (id: string) => inlineMessages.get(id),
    privateChatOf: (user: User): Chat => chats.get(user.id) ?? addChat("private", { user }),
    membershipIn: (chat: Chat, userId: number): Membership => chat.members.get(userId) ?? LEFT,
    change(message: Message, content: Content, markup: Markup | undefined): void {
      message.content = content;
      message.markup = markup;
      message.editedAtMs = nowMs();
      message.versions.push({ content, markup, atMs: nowMs() });
    },
    find: (chat: Chat, id: number): Message | undefined => {
      const message = chat.messages.get(id);
      return message?.deleted ? undefined : message;
    },
  };
}
