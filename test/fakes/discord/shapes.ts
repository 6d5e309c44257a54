import type { JsonObject } from "../../referees/json.ts";
import { fileUrl } from "./files.ts";
import { FLAGS } from "./limits.ts";
import { permissionsIn } from "./permissions.ts";
import {
  type Channel,
  type Command,
  type Guild,
  isThread,
  type Member,
  type Message,
  type Role,
  type StoredFile,
  type User,
  type World,
} from "./world.ts";

/** What the fake remembers, as Discord's JSON. */
const iso = (atMs: number): string => new Date(atMs).toISOString().replace("Z", "+00:00");

export const userJson = (user: User): JsonObject => ({
  id: user.id,
  username: user.username,
  global_name: user.globalName,
  discriminator: "0",
  avatar: null,
  banner: null,
  accent_color: null,
  public_flags: 0,
  flags: 0,
  primary_guild: null,
  avatar_decoration_data: null,
  collectibles: null,
  ...(user.bot ? { bot: true } : {}),
});

export const memberJson = (member: Member): JsonObject => ({
  user: userJson(member.user),
  nick: null,
  avatar: null,
  banner: null,
  roles: [...member.roleIds],
  joined_at: iso(member.joinedAtMs),
  premium_since: null,
  deaf: false,
  mute: false,
  pending: false,
  flags: 0,
  communication_disabled_until: null,
});

export const memberWithPermissions = (world: World, member: Member, channel: Channel): JsonObject => ({
  ...memberJson(member),
  permissions: String(permissionsIn(world, channel, member.user.id)),
});

export const roleJson = (role: Role, position: number): JsonObject => ({
  id: role.id,
  name: role.name,
  permissions: String(role.permissions),
  position,
  color: 0,
  colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
  hoist: false,
  managed: false,
  mentionable: false,
  icon: null,
  unicode_emoji: null,
  flags: 0,
});

const CHANNEL_TYPES = { text: 0, dm: 1, thread: 11, private_thread: 12, forum: 15 } as const;

const messagesIn = (world: World, channel: Channel): readonly Message[] =>
  [...world.messages.values()].filter(({ channelId, deleted }) => channelId === channel.id && !deleted);

export function channelJson(world: World, channel: Channel): JsonObject {
  const posted = messagesIn(world, channel);
  const base = {
    id: channel.id,
    type: CHANNEL_TYPES[channel.kind],
    flags: 0,
    last_message_id: posted.at(-1)?.id ?? null,
  };
  if (channel.kind === "dm") {
    const recipient = world.users.get(channel.recipientId ?? "");
    return { ...base, recipients: recipient ? [userJson(recipient)] : [] };
  }
  const inGuild = { ...base, guild_id: channel.guildId, name: channel.name, rate_limit_per_user: 0 };
  if (isThread(channel))
    return {
      ...inGuild,
      parent_id: channel.parentId,
      owner_id: channel.ownerId,
      message_count: posted.length,
      member_count: channel.threadMemberIds.size,
      total_message_sent: posted.length,
      thread_metadata: {
        archived: channel.archived,
        locked: channel.locked,
        auto_archive_duration: 1440,
        archive_timestamp: iso(channel.madeAtMs),
        create_timestamp: iso(channel.madeAtMs),
        ...(channel.kind === "private_thread" ? { invitable: true } : {}),
      },
      ...(channel.threadMemberIds.has(world.bot.id) ? { member: threadMemberJson(world, channel, world.bot.id) } : {}),
    };
  return {
    ...inGuild,
    parent_id: null,
    topic: null,
    position: 0,
    nsfw: channel.nsfw,
    permission_overwrites: [...channel.overwrites].map(([id, { type, allow, deny }]) => ({
      id,
      type,
      allow: String(allow),
      deny: String(deny),
    })),
    ...(channel.kind === "forum"
      ? { available_tags: [], default_reaction_emoji: null, default_sort_order: null, default_forum_layout: 0 }
      : {}),
  };
}

export const threadMemberJson = (world: World, thread: Channel, userId: string): JsonObject => ({
  id: thread.id,
  user_id: userId,
  join_timestamp: iso(world.clock.nowMs()),
  flags: 0,
});

export const guildJson = (guild: Guild): JsonObject => ({
  id: guild.id,
  name: guild.name,
  owner_id: guild.ownerId,
  roles: [...guild.roles.values()].map(roleJson),
  preferred_locale: guild.locale,
  ...{ icon: null, description: null, home_header: null, splash: null, discovery_splash: null, banner: null },
  ...{ features: [], emojis: [], stickers: [], application_id: null, region: "deprecated", incidents_data: null },
  ...{ afk_channel_id: null, afk_timeout: 300, system_channel_id: null, system_channel_flags: 0 },
  ...{ widget_enabled: false, widget_channel_id: null, rules_channel_id: null, public_updates_channel_id: null },
  ...{ safety_alerts_channel_id: null, verification_level: 0, default_message_notifications: 0, mfa_level: 0 },
  ...{ explicit_content_filter: 0, max_presences: null, max_members: 500_000, max_video_channel_users: 25 },
  ...{ max_stage_video_channel_users: 50, vanity_url_code: null, premium_tier: 0, premium_subscription_count: 0 },
  ...{
    premium_progress_bar_enabled: false,
    nsfw: false,
    nsfw_level: 0,
    hub_type: null,
    latest_onboarding_question_id: null,
  },
});

/** The guild as the gateway introduces it. */
export function guildCreateJson(world: World, guild: Guild): JsonObject {
  const channels = [...world.channels.values()].filter(({ guildId }) => guildId === guild.id);
  const own = guild.members.get(world.bot.id);
  return {
    ...guildJson(guild),
    joined_at: iso(own?.joinedAtMs ?? world.clock.nowMs()),
    large: false,
    unavailable: false,
    member_count: guild.members.size,
    members: own ? [memberJson(own)] : [],
    channels: channels.filter((each) => !isThread(each)).map((each) => channelJson(world, each)),
    threads: channels.filter((each) => isThread(each) && !each.archived).map((each) => channelJson(world, each)),
    ...{ voice_states: [], presences: [], stage_instances: [], guild_scheduled_events: [], soundboard_sounds: [] },
  };
}

export const fileJson = (world: World, file: StoredFile): JsonObject => ({
  id: file.id,
  filename: file.filename,
  size: file.bytes.length,
  url: fileUrl(world, file),
  proxy_url: fileUrl(world, file),
  content_type: file.contentType,
  ...(file.widthPx === undefined ? {} : { width: file.widthPx, height: file.heightPx }),
  ...(file.description === undefined ? {} : { description: file.description }),
  ...(file.ephemeral ? { ephemeral: true } : {}),
});

/** A picture that an embed shows is no attachment of its message any more. */
export const embeddedFileIds = (message: Pick<Message, "embeds">): ReadonlySet<string> =>
  new Set(
    message.embeds.flatMap((embed) =>
      [embed["image"], embed["thumbnail"]].flatMap((media) => {
        const url = (media as JsonObject | undefined)?.["url"];
        const id = typeof url === "string" ? /attachments\/\d+\/(\d+)\//.exec(url)?.[1] : undefined;
        return id === undefined ? [] : [id];
      }),
    ),
  );

const FILE_URL = /http:[^"\s]*?\/cdn\/(?:ephemeral-)?attachments\/\d+\/(\d+)\/[^"]*/g;
/** Addresses of files are signed anew whenever a message is told. */
function signedAnew<T>(world: World, value: readonly T[]): readonly T[] {
  if (value.length === 0) return value;
  const text = JSON.stringify(value).replace(FILE_URL, (old, id: string) => {
    const file = world.files.get(id);
    return file ? fileUrl(world, file) : old;
  });
  // The same value but for addresses in it.
  return JSON.parse(text) as readonly T[];
}

export function messageJson(world: World, message: Message): JsonObject {
  const hidden = embeddedFileIds(message);
  const { interaction } = message;
  const channel = world.channels.get(message.channelId);
  const referenced = message.replyTo === undefined ? undefined : world.messages.get(message.replyTo);
  return {
    id: message.id,
    channel_id: message.channelId,
    type: interaction?.kind === "command" ? 20 : message.replyTo === undefined ? 0 : 19,
    author: userJson(message.author),
    content: message.content,
    timestamp: iso(message.createdAtMs),
    edited_timestamp: message.editedAtMs === undefined ? null : iso(message.editedAtMs),
    tts: false,
    mention_everyone: message.pings.everyone,
    mentions: message.pings.userIds.flatMap((id) => {
      const user = world.users.get(id);
      return user ? [userJson(user)] : [];
    }),
    mention_roles: message.pings.roleIds,
    attachments: message.files.filter(({ id }) => !hidden.has(id)).map((file) => fileJson(world, file)),
    embeds: signedAnew(world, message.embeds),
    components: signedAnew(world, message.components),
    flags: message.flags,
    pinned: false,
    ...(message.nonce === undefined ? {} : { nonce: message.nonce }),
    ...(message.author.bot && interaction
      ? { application_id: world.applicationId, webhook_id: world.applicationId }
      : {}),
    ...(interaction
      ? {
          interaction_metadata: {
            id: interaction.id,
            type: INTERACTION_TYPES[interaction.kind],
            user: userJson(interaction.user),
            authorizing_integration_owners: { "0": channel?.guildId ?? "0" },
            ...(interaction.message && interaction.kind === "component"
              ? { interacted_message_id: interaction.message.id }
              : {}),
            ...(interaction.kind === "modal"
              ? {
                  triggering_interaction_metadata: {
                    id: interaction.id,
                    type: 2,
                    user: userJson(interaction.user),
                    authorizing_integration_owners: { "0": channel?.guildId ?? "0" },
                  },
                }
              : {}),
          },
        }
      : {}),
    ...(referenced
      ? { message_reference: { type: 0, channel_id: referenced.channelId, message_id: referenced.id } }
      : {}),
  };
}

export const INTERACTION_TYPES = { command: 2, component: 3, autocomplete: 4, modal: 5 } as const;

export const commandJson = (world: World, command: Command): JsonObject => ({
  id: command.id,
  application_id: world.applicationId,
  version: command.version,
  ...(command.guildId === undefined ? {} : { guild_id: command.guildId }),
  ...command.body,
});

export const isEphemeral = (message: Pick<Message, "flags">): boolean => (message.flags & FLAGS.ephemeral) !== 0;
