import { randomBytes } from "node:crypto";
import type { JsonObject } from "../../referees/json.ts";
import type { TestClock } from "../clock.ts";
import { createLater, type Later } from "./later.ts";
import { FILE_MAX_BYTES } from "./limits.ts";
import { snowflakes } from "./snowflakes.ts";

/** What the fake remembers. Everything else is derived from this. */
export interface User {
  readonly id: string;
  readonly username: string;
  readonly globalName: string;
  readonly bot: boolean;
  /** Of their client. */
  readonly locale: string;
  /** False: "Cannot send messages to this user". */
  dmsOpen: boolean;
}

export interface Role {
  readonly id: string;
  readonly name: string;
  permissions: bigint;
}

export interface Member {
  readonly user: User;
  readonly guildId: string;
  readonly joinedAtMs: number;
  readonly roleIds: Set<string>;
}

export interface Guild {
  readonly id: string;
  readonly name: string;
  ownerId: string;
  readonly roles: Map<string, Role>;
  readonly members: Map<string, Member>;
  attachmentMaxBytes: number;
  locale: string;
  /** The bot was removed. */
  left: boolean;
}

type ChannelKind = "text" | "forum" | "dm" | "thread" | "private_thread";

export interface Channel {
  readonly id: string;
  readonly kind: ChannelKind;
  readonly name: string;
  readonly guildId?: string;
  readonly parentId?: string;
  readonly ownerId?: string;
  /** Of a direct message: the member, not the bot. */
  readonly recipientId?: string;
  /** By role or user id. */
  readonly overwrites: Map<string, { readonly type: 0 | 1; allow: bigint; deny: bigint }>;
  readonly threadMemberIds: Set<string>;
  readonly madeAtMs: number;
  archived: boolean;
  locked: boolean;
  nsfw: boolean;
}

export interface StoredFile {
  readonly id: string;
  readonly channelId: string;
  readonly filename: string;
  readonly bytes: Uint8Array;
  readonly contentType: string;
  readonly widthPx?: number;
  readonly heightPx?: number;
  readonly ephemeral: boolean;
  description?: string;
}

export interface Message {
  readonly id: string;
  readonly channelId: string;
  readonly author: User;
  readonly createdAtMs: number;
  /** Of an ephemeral message: the one member who sees it. */
  readonly onlyFor?: string;
  readonly nonce?: string | number;
  /** The interaction that it answers. */
  readonly interaction?: Interaction;
  readonly replyTo?: string;
  content: string;
  embeds: readonly JsonObject[];
  components: readonly JsonObject[];
  files: readonly StoredFile[];
  flags: number;
  editedAtMs?: number;
  deleted: boolean;
  pings: { readonly everyone: boolean; readonly userIds: readonly string[]; readonly roleIds: readonly string[] };
}

export type InteractionKind = "command" | "component" | "autocomplete" | "modal";

export interface Interaction {
  readonly id: string;
  readonly token: string;
  readonly kind: InteractionKind;
  readonly name: string;
  readonly user: User;
  readonly channelId: string;
  readonly createdAtMs: number;
  /** The message whose button was pressed, or under which the modal was opened. */
  readonly message?: Message;
  /** A gateway session received it: at once, or later by a resume. */
  delivered: boolean;
  ack?: { readonly type: number; readonly atMs: number; readonly afterMs: number; readonly ephemeral: boolean };
  original?: Message;
  readonly followUps: Message[];
  modal?: JsonObject;
  choices?: readonly { readonly name: string; readonly value: string | number }[];
}

export interface Command {
  readonly id: string;
  readonly guildId?: string;
  readonly version: string;
  readonly body: JsonObject;
}

/** Which sessions hear an event. */
export interface Audience {
  /** Absent for direct messages: they go to shard 0. */
  readonly guildId?: string;
  /** One of these must be asked for; 0 is for all. */
  readonly intents: number;
  /** What a session gets that did not ask for the content of messages. */
  readonly withoutMessageContent?: JsonObject;
}

export interface World {
  readonly clock: TestClock;
  readonly nextId: (madeAtMs?: number) => string;
  readonly applicationId: string;
  readonly bot: User;
  readonly owner: User;
  readonly users: Map<string, User>;
  readonly guilds: Map<string, Guild>;
  readonly channels: Map<string, Channel>;
  readonly messages: Map<string, Message>;
  /** Copies of every message as it was posted and after each edit, by id. */
  readonly versions: Map<string, Message[]>;
  readonly files: Map<string, StoredFile>;
  readonly interactions: Map<string, Interaction>;
  readonly byToken: Map<string, Interaction>;
  /** Messages sent with a nonce, by channel, author and nonce: the latest. */
  readonly byNonce: Map<string, Message>;
  readonly commands: Map<string, Command>;
  /** Each creation of a command, for the limit per day. */
  readonly creations: { readonly guildId: string | undefined; readonly atMs: number }[];
  readonly typing: { readonly channelId: string; readonly atMs: number }[];
  readonly complaints: string[];
  /** What the fake says is judged after it was said: a bot's acknowledgement does not wait for a referee of ours. */
  readonly judging: Later;
  /** Signs addresses of files. */
  readonly secret: Uint8Array;
  /** Set by the gateway: tells the bot. Returns how many hear it now; others may by a resume. */
  dispatch(name: string, data: JsonObject, to: Audience): number;
  /** Set by the gateway: what `GET /gateway/bot` answers. */
  gateway(): JsonObject;
  /** Called after every change, for those who wait. */
  changed(): void;
  readonly watchers: Set<() => void>;
  /** Set by the server: where files are fetched from, without a slash at the end. */
  baseUrl: string;
}

export function createWorld(clock: TestClock): World {
  const nextId = snowflakes(() => clock.nowMs());
  const applicationId = nextId();
  const bot: User = {
    id: applicationId,
    username: "placard",
    globalName: "Placard",
    bot: true,
    locale: "en-US",
    dmsOpen: true,
  };
  const owner: User = {
    id: nextId(),
    username: "operator",
    globalName: "operator",
    bot: false,
    locale: "en-US",
    dmsOpen: true,
  };
  const watchers = new Set<() => void>();
  return {
    clock,
    nextId,
    applicationId,
    bot,
    owner,
    users: new Map([bot, owner].map((user) => [user.id, user])),
    guilds: new Map(),
    channels: new Map(),
    messages: new Map(),
    versions: new Map(),
    files: new Map(),
    interactions: new Map(),
    byToken: new Map(),
    byNonce: new Map(),
    commands: new Map(),
    creations: [],
    typing: [],
    complaints: [],
    judging: createLater(),
    secret: randomBytes(32),
    dispatch: () => 0,
    gateway: () => ({}),
    changed() {
      for (const watch of watchers) watch();
    },
    watchers,
    baseUrl: "",
  };
}

export function addGuild(world: World, name: string, everyone: bigint, botPermissions: bigint): Guild {
  const id = world.nextId();
  const botRole: Role = { id: world.nextId(), name: world.bot.globalName, permissions: botPermissions };
  const guild: Guild = {
    id,
    name,
    ownerId: world.owner.id,
    // The role @everyone has the id of its server.
    roles: new Map([
      [id, { id, name: "@everyone", permissions: everyone }],
      [botRole.id, botRole],
    ]),
    members: new Map(),
    attachmentMaxBytes: FILE_MAX_BYTES,
    locale: "en-US",
    left: false,
  };
  const joinedAtMs = world.clock.nowMs();
  guild.members.set(world.bot.id, { user: world.bot, guildId: id, joinedAtMs, roleIds: new Set([botRole.id]) });
  guild.members.set(world.owner.id, { user: world.owner, guildId: id, joinedAtMs, roleIds: new Set() });
  world.guilds.set(id, guild);
  return guild;
}

export function addChannel(
  world: World,
  parts: Pick<Channel, "kind" | "name"> &
    Partial<Pick<Channel, "id" | "guildId" | "parentId" | "ownerId" | "recipientId">>,
): Channel {
  const channel: Channel = {
    id: world.nextId(),
    ...parts,
    overwrites: new Map(),
    threadMemberIds: new Set(),
    madeAtMs: world.clock.nowMs(),
    archived: false,
    locked: false,
    nsfw: false,
  };
  world.channels.set(channel.id, channel);
  return channel;
}

export const isThread = (channel: Channel): boolean => channel.kind === "thread" || channel.kind === "private_thread";

/** The direct messages between the bot and one member: one channel for ever. */
export function dmChannel(world: World, user: User): Channel {
  const known = [...world.channels.values()].find((channel) => channel.recipientId === user.id);
  return known ?? addChannel(world, { kind: "dm", name: user.username, recipientId: user.id });
}

/** Resolves as soon as the question is answered with more than nothing. @throws when it is not in real time */
export function waitFor<T>(
  world: World,
  question: () => T | undefined | false,
  timeoutMs: number,
  what: string,
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const ask = () => {
    try {
      const answer = question();
      if (answer !== undefined && answer !== false) resolve(answer);
    } catch (error) {
      reject(error);
    }
  };
  // The question may be about more than this world, so it is also asked without a change.
  const poll = setInterval(ask, 20);
  const limit = setTimeout(() => reject(new Error(`not within ${timeoutMs} ms: ${what}`)), timeoutMs);
  world.watchers.add(ask);
  ask();
  return promise.finally(() => {
    clearInterval(poll);
    clearTimeout(limit);
    world.watchers.delete(ask);
  });
}
