import { tellThread } from "./channel-routes.ts";
import { bitsOf, INTENTS, type Permission, USUAL } from "./limits.ts";
import { type FakeMember, fakeMember } from "./member.ts";
import { createMessage } from "./messages.ts";
import { type SeenMessage, seenMessage } from "./seen.ts";
import { channelJson, guildCreateJson, roleJson } from "./shapes.ts";
import {
  addChannel,
  addGuild,
  type Channel,
  type Guild,
  isThread,
  type Member,
  type Role,
  type World,
} from "./world.ts";

export interface FakeChannel {
  readonly id: string;
  readonly name: string;
  /** A thread here, or a post in a forum with its first message. The bot is in it unless `bot: false`. */
  thread(name: string, parts?: ThreadParts): Promise<FakeChannel>;
  /** Overwrites what everybody, a role or a member may do here. */
  allows(whom: { readonly id: string }, ...permissions: readonly Permission[]): void;
  denies(whom: { readonly id: string }, ...permissions: readonly Permission[]): void;
  /** All messages that exist here, ephemeral ones too, oldest first. */
  readonly messages: readonly SeenMessage[];
  /** Ids of those who joined this thread, the bot's among them where it did. */
  readonly joined: readonly string[];
  /** Of a thread. Archived: edits are refused, a new message opens it. Locked as well: nothing goes. */
  archive(locked?: boolean): void;
  /** The channel and its messages are gone. */
  remove(): void;
}

interface ThreadParts {
  readonly by?: FakeMember;
  readonly private?: boolean;
  readonly bot?: boolean;
  /** First message of a forum post. */
  readonly text?: string;
}

export interface FakeRole {
  readonly id: string;
  readonly name: string;
}

interface MemberParts {
  readonly roles?: readonly FakeRole[];
  readonly permissions?: readonly Permission[];
  readonly accountMadeAtMs?: number;
  readonly joinedAtMs?: number;
  readonly displayName?: string;
  readonly owner?: boolean;
  /** Of their client. Default en-US. */
  readonly locale?: string;
}

export interface GuildParts {
  /** Default: what @everyone may in a fresh server. */
  readonly everyone?: readonly Permission[];
  /** What the bot was invited with, beside what everyone may. Default none. */
  readonly bot?: readonly Permission[];
  /** Largest file; default 10 MiB, 50 and 100 on boosted servers. */
  readonly attachmentMaxBytes?: number;
  readonly locale?: string;
}

export interface FakeGuild {
  readonly id: string;
  /** The role everybody has. */
  readonly everyone: FakeRole;
  channel(name: string, parts?: { readonly nsfw?: boolean }): FakeChannel;
  forum(name: string): FakeChannel;
  role(name: string, ...permissions: readonly Permission[]): FakeRole;
  /** A person joins. The same name again is the same person, in another server too. */
  member(name: string, parts?: MemberParts): FakeMember;
  attachmentMaxBytes: number;
  /** The bot is thrown out: everything here answers 403 50001. */
  removeBot(): void;
}

function fakeChannel(world: World, channel: Channel): FakeChannel {
  const overwrite = (id: string) => {
    const type = world.guilds.get(channel.guildId ?? "")?.roles.has(id) ? 0 : 1;
    const known = channel.overwrites.get(id) ?? { type, allow: 0n, deny: 0n };
    channel.overwrites.set(id, known);
    return known;
  };
  const updated = () => {
    if (channel.guildId !== undefined && !isThread(channel))
      world.dispatch("CHANNEL_UPDATE", channelJson(world, channel), {
        guildId: channel.guildId,
        intents: INTENTS.guilds,
      });
  };
  return {
    id: channel.id,
    name: channel.name,
    async thread(name, { by, private: isPrivate = false, bot = true, text } = {}) {
      const author = world.users.get(by?.id ?? "") ?? world.owner;
      const thread = addChannel(world, {
        kind: isPrivate ? "private_thread" : "thread",
        name,
        parentId: channel.id,
        ownerId: author.id,
        ...(channel.guildId === undefined ? {} : { guildId: channel.guildId }),
      });
      thread.threadMemberIds.add(author.id);
      if (bot) thread.threadMemberIds.add(world.bot.id);
      tellThread(world, "THREAD_CREATE", thread);
      if (channel.kind === "forum")
        await createMessage(
          world,
          { body: { content: text ?? name }, uploads: new Map() },
          { channel: thread, author },
        );
      return fakeChannel(world, thread);
    },
    allows({ id }, ...permissions) {
      const entry = overwrite(id);
      entry.allow |= bitsOf(permissions);
      entry.deny &= ~bitsOf(permissions);
      updated();
    },
    denies({ id }, ...permissions) {
      const entry = overwrite(id);
      entry.deny |= bitsOf(permissions);
      entry.allow &= ~bitsOf(permissions);
      updated();
    },
    get messages() {
      return [...world.messages.values()]
        .filter(({ channelId, deleted }) => channelId === channel.id && !deleted)
        .map((message) => seenMessage(world, message));
    },
    get joined() {
      return [...channel.threadMemberIds];
    },
    archive(locked = false) {
      channel.archived = true;
      channel.locked = locked;
      tellThread(world, "THREAD_UPDATE", channel);
    },
    remove() {
      const json = channelJson(world, channel);
      world.channels.delete(channel.id);
      for (const message of world.messages.values()) if (message.channelId === channel.id) message.deleted = true;
      if (channel.guildId === undefined) return;
      const name = isThread(channel) ? "THREAD_DELETE" : "CHANNEL_DELETE";
      world.dispatch(name, json, { guildId: channel.guildId, intents: INTENTS.guilds });
      world.changed();
    },
  };
}

export function fakeGuild(world: World, name: string, parts: GuildParts): FakeGuild {
  const guild = addGuild(world, name, bitsOf(parts.everyone ?? USUAL), bitsOf(parts.bot ?? []));
  guild.attachmentMaxBytes = parts.attachmentMaxBytes ?? guild.attachmentMaxBytes;
  guild.locale = parts.locale ?? guild.locale;
  const here = { guildId: guild.id, intents: INTENTS.guilds };
  world.dispatch("GUILD_CREATE", guildCreateJson(world, guild), here);
  const add = (kind: "text" | "forum", channelName: string, nsfw = false) => {
    const channel = addChannel(world, { kind, name: channelName, guildId: guild.id });
    channel.nsfw = nsfw;
    world.dispatch("CHANNEL_CREATE", channelJson(world, channel), here);
    return fakeChannel(world, channel);
  };
  return {
    id: guild.id,
    everyone: { id: guild.id, name: "@everyone" },
    channel: (channelName, { nsfw } = {}) => add("text", channelName, nsfw),
    forum: (channelName) => add("forum", channelName),
    role(roleName, ...permissions) {
      const role = { id: world.nextId(), name: roleName, permissions: bitsOf(permissions) };
      addRole(world, guild, role);
      return role;
    },
    member: (memberName, memberParts = {}) => fakeMember(world, join(world, guild, memberName, memberParts).user),
    get attachmentMaxBytes() {
      return guild.attachmentMaxBytes;
    },
    set attachmentMaxBytes(bytes) {
      guild.attachmentMaxBytes = bytes;
    },
    removeBot() {
      guild.left = true;
      world.dispatch("GUILD_DELETE", { id: guild.id }, here);
      world.changed();
    },
  };
}

function addRole(world: World, guild: Guild, role: Role): void {
  guild.roles.set(role.id, role);
  const event = { guild_id: guild.id, role: roleJson(role, guild.roles.size) };
  world.dispatch("GUILD_ROLE_CREATE", event, { guildId: guild.id, intents: INTENTS.guilds });
}

const A_YEAR_MS = 365 * 24 * 3_600_000;

function join(world: World, guild: Guild, name: string, parts: MemberParts): Member {
  const nowMs = world.clock.nowMs();
  const known = [...world.users.values()].find(({ username, bot }) => username === name && !bot);
  const user = known ?? {
    // The id tells when the account was made.
    id: world.nextId(parts.accountMadeAtMs ?? nowMs - 3 * A_YEAR_MS),
    username: name,
    globalName: parts.displayName ?? name,
    bot: false,
    locale: parts.locale ?? "en-US",
    dmsOpen: true,
  };
  world.users.set(user.id, user);
  const roleIds = new Set((parts.roles ?? []).map(({ id }) => id));
  if (parts.permissions) {
    const role = { id: world.nextId(), name: `${name}'s`, permissions: bitsOf(parts.permissions) };
    addRole(world, guild, role);
    roleIds.add(role.id);
  }
  const member: Member = { user, guildId: guild.id, joinedAtMs: parts.joinedAtMs ?? nowMs - A_YEAR_MS, roleIds };
  guild.members.set(user.id, member);
  if (parts.owner) guild.ownerId = user.id;
  return member;
}
