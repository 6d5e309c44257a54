import { announceMessage, announceReaction } from "./announce.ts";
import type { BotCommand } from "./commands.ts";
import { type Entity, found } from "./entities.ts";
import { voteIn } from "./polls.ts";
import type { Query } from "./queries.ts";
import { type SeenMessage, seen } from "./seen.ts";
import type { Telegram } from "./telegram.ts";
import { chatJson, messageJson, userJson } from "./wire.ts";
import { type Chat, type Content, isAdmin, isInside, type Json, type Message, type User } from "./world.ts";

export interface SayOptions {
  /** A message id, or a message. */
  readonly replyTo?: number | SeenMessage;
  /** In place of what Telegram would find by itself, e.g. a `text_mention`. */
  readonly entities?: readonly Entity[];
}
export interface FileOptions extends SayOptions {
  readonly caption?: string;
  readonly fileName?: string;
  readonly mimeType?: string;
  readonly albumId?: string;
}
export interface PressOptions {
  /** Too old for the bot to see: the callback carries chat and message id only. */
  readonly inaccessible?: boolean;
}
/** `answer` as the bot gave it: a note for the presser alone. */
export interface Pressed extends Query {
  readonly text: string | undefined;
  readonly alert: boolean;
  /** What the client opens instead. */
  readonly url: string | undefined;
}

const idOf = (message: number | SeenMessage): number => (typeof message === "number" ? message : message.messageId);

/** A person in a chat, and in one of its topics: what they do and what they see there. */
export class Seat {
  readonly #telegram: Telegram;
  readonly #user: User;
  readonly #chat: Chat;
  readonly #topicId: number | undefined;
  readonly #anonymous: boolean;

  constructor(telegram: Telegram, user: User, chat: Chat, topicId?: number, anonymous = false) {
    this.#telegram = telegram;
    this.#user = user;
    this.#chat = chat;
    this.#topicId = topicId;
    this.#anonymous = anonymous;
  }

  get chatId(): number {
    return this.#chat.id;
  }

  /** Writes, with commands and mentions marked as Telegram marks them. */
  say(text: string, options: SayOptions = {}): SeenMessage {
    const entities = options.entities ?? found(text);
    return this.#post({ kind: "text", text, entities }, options);
  }

  async photo(bytes: Buffer, options: FileOptions = {}): Promise<SeenMessage> {
    const { caption = "" } = options;
    const photo = await this.#telegram.files.savePhoto(bytes);
    const entities = options.entities ?? found(caption);
    return this.#post({ kind: "photo", text: caption, entities, photo, spoiler: false }, options);
  }

  document(bytes: Buffer, options: FileOptions = {}): SeenMessage {
    const { caption = "", fileName, mimeType } = options;
    const document = this.#telegram.files.saveDocument(bytes, fileName, mimeType);
    return this.#post(
      { kind: "document", text: caption, entities: options.entities ?? found(caption), document },
      options,
    );
  }

  /** Several photos at once; the caption is on the first. */
  async album(photos: readonly Buffer[], options: FileOptions = {}): Promise<readonly SeenMessage[]> {
    const albumId = String(13_000_000_000_000_000 + Math.floor(this.#telegram.chance() * 1e15));
    const { caption, ...others } = options;
    const sent: SeenMessage[] = [];
    for (const [index, bytes] of photos.entries())
      sent.push(await this.photo(bytes, { ...others, albumId, ...(index === 0 && caption ? { caption } : {}) }));
    return sent;
  }

  /** Changes the words of one of their messages. */
  edit(message: number | SeenMessage, text: string): SeenMessage {
    const own = this.#find(message);
    if (own.from !== this.#user) throw new Error("that is somebody else's message");
    if (own.content.kind === "service") throw new Error("nobody wrote that");
    this.#telegram.world.change(own, { ...own.content, text, entities: found(text) }, own.markup);
    announceMessage(this.#telegram, own, true);
    return seen(own, this.#telegram.world);
  }

  /** Bots are not told. */
  delete(message: number | SeenMessage): void {
    const found = this.#find(message);
    if (found.from !== this.#user && this.#chat.kind !== "private" && !isAdmin(this.#membership()))
      throw new Error("that is somebody else's message");
    found.deleted = true;
  }

  /** Presses the button with this label, or, with `{ data }`, sends what a changed client might, button or not. */
  press(
    message: number | SeenMessage,
    button: string | { readonly data: string },
    options: PressOptions = {},
  ): Pressed {
    const pressed = this.#chat.messages.get(idOf(message));
    if (!pressed) throw new Error(`there is no message ${idOf(message)} here`);
    const open = this.#chat.kind === "private" || this.#chat.username !== undefined;
    if (!open && !isInside(this.#membership())) throw new Error(`${this.#user.firstName} cannot see that message`);
    const data = typeof button === "string" ? this.#dataOf(pressed, button) : button.data;
    const query = this.#telegram.queries.ask();
    const { world } = this.#telegram;
    const hidden = options.inaccessible === true || pressed.deleted;
    const shown = hidden
      ? { chat: chatJson(this.#chat), message_id: pressed.id, date: 0 }
      : messageJson(pressed, world);
    const where =
      pressed.inlineMessageId === undefined ? { message: shown } : { inline_message_id: pressed.inlineMessageId };
    this.#telegram.updates.add("callback_query", `user/${this.#user.id}`, {
      id: query.id,
      from: userJson(this.#user),
      chat_instance: String(-7_000_000_000 - this.#chat.id),
      ...where,
      data,
    });
    return asPressed(query);
  }

  /** Chooses these options of a poll, and no others; none takes the vote back. */
  vote(message: number | SeenMessage, ...labels: readonly string[]): void {
    const poll = this.#find(message);
    if (this.#chat.kind !== "private" && !isInside(this.#membership()))
      throw new Error(`${this.#user.firstName} cannot see that message`);
    const voter = this.#anonymous
      ? { chatId: this.#chat.id, chatJson: chatJson(this.#chat) }
      : { user: this.#user, userJson: userJson(this.#user) };
    voteIn(this.#telegram, poll, labels, voter);
  }

  react(message: number | SeenMessage, emoji: readonly string[]): void {
    const target = this.#find(message);
    const before = target.reactions.get(this.#user.id) ?? [];
    target.reactions.set(this.#user.id, emoji);
    announceReaction(this.#telegram, target, this.#user, before, emoji);
  }

  /** What is in this topic, or in the chat where it has none, oldest first. */
  messages(): readonly SeenMessage[] {
    return [...this.#chat.messages.values()]
      .filter((message) => !message.deleted && message.topicId === this.#topicId)
      .map((message) => seen(message, this.#telegram.world));
  }

  /** What the bot said here, oldest first. */
  fromBot(): readonly SeenMessage[] {
    return this.messages().filter((message) => message.fromBot);
  }

  /** The newest message here. */
  last(): SeenMessage | undefined {
    return this.messages().at(-1);
  }

  message(id: number): SeenMessage | undefined {
    const message = this.#telegram.world.find(this.#chat, id);
    return message && seen(message, this.#telegram.world);
  }

  /** The list behind the "/" key. */
  commands(): readonly BotCommand[] {
    const admin = this.#chat.kind !== "private" && isAdmin(this.#membership());
    return this.#telegram.commands.shownTo(this.#chat, this.#user.id, admin, this.#user.languageCode);
  }

  #post(content: Content, { replyTo, albumId }: FileOptions): SeenMessage {
    this.#mustBeHere();
    const behindChat = this.#anonymous || this.#chat.kind === "channel";
    const message = this.#telegram.world.addMessage({
      chat: this.#chat,
      from: this.#user,
      senderChat: behindChat ? this.#chat : undefined,
      topicId: this.#topicId,
      replyTo: replyTo === undefined ? undefined : this.#find(replyTo),
      albumId,
      content,
    });
    announceMessage(this.#telegram, message);
    return seen(message, this.#telegram.world);
  }

  #mustBeHere(): void {
    if (this.#chat.kind === "private") {
      this.#user.started = true;
      return;
    }
    if (this.#chat.upgradedTo !== undefined) throw new Error("this group has become a supergroup");
    const membership = this.#membership();
    if (!isInside(membership)) throw new Error(`${this.#user.firstName} is not in ${this.#chat.title}`);
    if ((this.#anonymous || this.#chat.kind === "channel") && !isAdmin(membership))
      throw new Error(`${this.#user.firstName} is no administrator of ${this.#chat.title}`);
  }

  #membership() {
    return this.#telegram.world.membershipIn(this.#chat, this.#user.id);
  }

  #find(message: number | SeenMessage): Message {
    const found = this.#telegram.world.find(this.#chat, idOf(message));
    if (!found) throw new Error(`there is no message ${idOf(message)} here`);
    return found;
  }

  #dataOf(message: Message, label: string): string {
    const buttons = message.markup?.kind === "inline" ? message.markup.rows.flat() : [];
    const button = buttons.find(({ text }) => text === label);
    const there = buttons.map(({ text }) => `"${text}"`).join(", ") || "none";
    if (!button) throw new Error(`there is no button "${label}" on message ${message.id}; there are: ${there}`);
    if (button.callback_data === undefined) throw new Error(`"${label}" is no button that asks the bot`);
    return button.callback_data;
  }
}

function asPressed(query: Query): Pressed {
  return {
    id: query.id,
    answered: query.answered,
    get answer() {
      return query.answer;
    },
    get text() {
      const text = query.answer?.["text"];
      return typeof text === "string" && text !== "" ? text : undefined;
    },
    get url() {
      const url = query.answer?.["url"];
      return typeof url === "string" ? url : undefined;
    },
    get alert() {
      return query.answer?.["alert"] === true;
    },
  };
}

/** What the bot offered for an inline query. */
export const resultsIn = (answer: Json): readonly Json[] => {
  const results = answer["results"];
  return Array.isArray(results) ? results : [];
};
