import { announceBlocking, announceMembership, announceMessage } from "./announce.ts";
import { fromInlineResult } from "./inline.ts";
import type { Query } from "./queries.ts";
import { Seat } from "./seat.ts";
import { type SeenMessage, seen } from "./seen.ts";
import type { Telegram } from "./telegram.ts";
import { userJson } from "./wire.ts";
import { asMember, type Chat, type Json, type Membership, type Topic, type User } from "./world.ts";

export interface PersonOptions {
  readonly lastName?: string;
  readonly username?: string;
  readonly languageCode?: string;
  /** Has written to the bot before, so that the bot may write to them. */
  readonly started?: boolean;
}

/** Somebody with a Telegram account. */
export class Person {
  readonly #telegram: Telegram;
  readonly user: User;

  constructor(telegram: Telegram, firstName: string, options: PersonOptions = {}) {
    this.#telegram = telegram;
    this.user = telegram.world.addUser({
      id: telegram.world.nextUserId(),
      isBot: false,
      firstName,
      lastName: options.lastName,
      username: options.username,
      languageCode: options.languageCode ?? "en",
    });
    if (options.started) {
      this.user.started = true;
      telegram.world.privateChatOf(this.user);
    }
  }

  get id(): number {
    return this.user.id;
  }

  /** Their place in a chat: in General, or in `topic`; `anonymous` as an administrator who remains so. */
  in(group: Group, where: { readonly topic?: number; readonly anonymous?: boolean } = {}): Seat {
    return new Seat(this.#telegram, this.user, group.chat, where.topic, where.anonymous);
  }

  /** Their chat with the bot alone. Writing there starts the bot. */
  get private(): Seat {
    return new Seat(this.#telegram, this.user, this.#telegram.world.privateChatOf(this.user));
  }

  /** Opens t.me/bot?start=payload. */
  start(payload?: string): SeenMessage {
    return this.private.say(payload === undefined ? "/start" : `/start ${payload}`);
  }

  /** Deletes their account. */
  deactivate(): void {
    this.user.deactivated = true;
  }

  block(): void {
    this.user.blockedBot = true;
    announceBlocking(this.#telegram, this.#telegram.world.privateChatOf(this.user), this.user, true);
  }

  unblock(): void {
    this.user.blockedBot = false;
    announceBlocking(this.#telegram, this.#telegram.world.privateChatOf(this.user), this.user, false);
  }

  /** Types `@bot text` somewhere. */
  ask(query: string, options: { readonly offset?: string; readonly chatType?: string } = {}): Query {
    if (!this.#telegram.behaviour.inlineMode) throw new Error("inline mode is off");
    if (query.length > 256) throw new Error("clients send at most 256 characters");
    const asked = this.#telegram.queries.ask();
    const { offset = "", chatType = "supergroup" } = options;
    const about = { id: asked.id, from: userJson(this.user), query, offset, chat_type: chatType };
    this.#telegram.updates.add("inline_query", `user/${this.id}`, about);
    return asked;
  }

  /** Sends one of the offered results into a chat, also one without the bot. */
  choose(
    group: Group | "private",
    query: { readonly answer: Json | undefined },
    resultId: string,
    asked = "",
  ): SeenMessage {
    const chat = group === "private" ? this.#telegram.world.privateChatOf(this.user) : group.chat;
    return fromInlineResult(this.#telegram, this.user, chat, query, resultId, asked);
  }
}

export interface GroupOptions {
  readonly members?: readonly Person[];
  readonly admins?: readonly Person[];
  /** Where the bot stands from the beginning, of which it gets no update. Default "member", in channels "administrator". */
  readonly bot?: "member" | "administrator" | "absent";
  /** A supergroup with topics. */
  readonly forum?: boolean;
  readonly username?: string;
}

/** A group, supergroup or channel, as whoever runs it sees it. */
export class Group {
  readonly #telegram: Telegram;
  readonly chat: Chat;
  readonly #owner: User;

  constructor(telegram: Telegram, kind: Exclude<Chat["kind"], "private">, title: string, options: GroupOptions = {}) {
    const { members = [], admins = [], forum = false, username } = options;
    this.#telegram = telegram;
    this.chat = telegram.world.addChat(kind, { title, forum, ...(username === undefined ? {} : { username }) });
    this.#owner = admins[0]?.user ?? new Person(telegram, "Owner").user;
    for (const { id } of members) this.chat.members.set(id, asMember("member"));
    for (const { id } of admins) this.chat.members.set(id, asMember("administrator"));
    this.chat.members.set(this.#owner.id, asMember("creator"));
    const standing = options.bot ?? (kind === "channel" ? "administrator" : "member");
    if (standing !== "absent") this.chat.members.set(telegram.world.bot.id, asMember(standing));
  }

  get id(): number {
    return this.chat.id;
  }

  /** Opens a topic, as the owner. */
  topic(name: string): Topic & { close(): void; remove(): void } {
    if (!this.chat.forum) throw new Error(`${this.chat.title} has no topics`);
    const opening = { kind: "service" as const, fields: { forum_topic_created: { name, icon_color: 7322096 } } };
    const threadId = this.chat.nextMessageId();
    const message = this.#telegram.world.addMessage(
      { chat: this.chat, from: this.#owner, topicId: threadId, content: opening },
      threadId,
    );
    announceMessage(this.#telegram, message);
    const topic: Topic = { threadId, name, closed: false };
    this.chat.topics.set(threadId, topic);
    return {
      ...topic,
      close: () => {
        topic.closed = true;
      },
      remove: () => {
        this.chat.topics.delete(threadId);
        for (const each of this.chat.messages.values()) if (each.topicId === threadId) each.deleted = true;
      },
    };
  }

  /** Lets somebody in; the bot too. */
  add(who: Person | "bot", as: "member" | "administrator" = "member"): void {
    const user = this.#userOf(who);
    this.#change(user, asMember(as));
    if (this.chat.kind !== "channel") this.#service({ new_chat_members: [userJson(user)] });
  }

  /** Makes somebody an administrator, or no longer one. */
  promote(who: Person | "bot", more: Partial<Pick<Membership, "anonymous" | "canDelete">> = {}): void {
    this.#change(this.#userOf(who), asMember("administrator", more));
  }

  demote(who: Person | "bot"): void {
    this.#change(this.#userOf(who), asMember("member"));
  }

  /** Throws somebody out: they may not come back by themselves. */
  remove(who: Person | "bot"): void {
    this.#change(this.#userOf(who), asMember("kicked"));
    if (who !== "bot" && this.chat.kind !== "channel") this.#service({ left_chat_member: userJson(this.#userOf(who)) });
  }

  /** From now on members may send only what is not named here. */
  forbid(...kinds: readonly ("text" | "photo" | "document" | "poll")[]): void {
    this.chat.forbidden.clear();
    for (const kind of kinds) this.chat.forbidden.add(kind);
  }

  /** The group becomes a supergroup with another id. What was said stays behind. */
  upgrade(): Group {
    const { world } = this.#telegram;
    if (this.chat.kind !== "group") throw new Error("only basic groups become supergroups");
    const next = new Group(this.#telegram, "supergroup", this.chat.title ?? "", { bot: "absent" });
    next.chat.members.clear();
    for (const [id, membership] of this.chat.members) next.chat.members.set(id, membership);
    this.#service({ migrate_to_chat_id: next.id });
    this.chat.upgradedTo = next.id;
    const moved = world.addMessage({
      chat: next.chat,
      from: this.#owner,
      content: { kind: "service", fields: { migrate_from_chat_id: this.id } },
    });
    announceMessage(this.#telegram, moved);
    return next;
  }

  /** The chat is gone for everybody. */
  dissolve(): void {
    this.chat.gone = true;
  }

  /** Every message ever, deleted ones too, over all topics, oldest first. */
  history(): readonly SeenMessage[] {
    return [...this.chat.messages.values()].map((message) => seen(message, this.#telegram.world));
  }

  #userOf(who: Person | "bot"): User {
    return who === "bot" ? this.#telegram.world.bot : who.user;
  }

  #service(fields: Json): void {
    const { world } = this.#telegram;
    const message = world.addMessage({ chat: this.chat, from: this.#owner, content: { kind: "service", fields } });
    announceMessage(this.#telegram, message);
  }

  #change(user: User, after: Membership): void {
    const before = this.#telegram.world.membershipIn(this.chat, user.id);
    this.chat.members.set(user.id, after);
    announceMembership(this.#telegram, this.chat, this.#owner, user, before, after);
  }
}
