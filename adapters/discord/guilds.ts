import { z } from "zod";
import { BoundedMap } from "../../src/lib/bounded-map.ts";
import type { ModuleServices } from "../../src/ports/module.ts";
import type { InteractionFacts } from "./invocation.ts";
import { UPLOAD } from "./limits.ts";
import type { GuildNames } from "./mentions.ts";
import { snowflake } from "./wire.ts";

/** What we remember of a server, so that commands are understood from memory alone. */
const guildSchema = z.object({
  roles: z.record(z.string(), z.string()),
  /** Channels in which threads can hang. */
  channels: z.record(z.string(), z.string()),
  uploadMaxBytes: z.number().optional(),
});
type Guild = z.output<typeof guildSchema>;

const named = z.object({ id: snowflake, name: z.string().nullish(), type: z.int().optional() });
/** Text, announcements, forum, media: the others hold no threads of ours. */
const HOLDS_THREADS: ReadonlySet<number | undefined> = new Set([undefined, 0, 5, 15, 16]);
const guildCreate = z.object({
  id: snowflake,
  roles: z.array(named).default([]),
  channels: z.array(named).default([]),
});
const roleEvent = z.object({ guild_id: snowflake, role: named });
const roleGone = z.object({ guild_id: snowflake, role_id: snowflake });
const channelEvent = named.extend({ guild_id: snowflake });
const guildGone = z.object({ id: snowflake, unavailable: z.boolean().optional() });

const GUILDS_MAX = 5000;
const CHANNELS_MAX = 20_000;

export interface Guilds extends GuildNames {
  /** Reads what an earlier process knew; then names come from memory. */
  load(guildId: string | undefined): Promise<void>;
  /** Takes over what a gateway event tells about servers, roles and channels; other events are none of its business. */
  took(event: string, data: unknown): Promise<void>;
  /** Takes over what an interaction tells about its place. */
  told(facts: InteractionFacts): Promise<void>;
  uploadMaxBytes(channelId: string, guildId: string | undefined): Promise<number>;
}

function onlyOneCalled(named: Readonly<Record<string, string>> = {}, name: string): string | undefined {
  const wanted = name.trim().toLowerCase();
  const found = Object.entries(named).filter(([, each]) => each.toLowerCase() === wanted);
  return found.length === 1 ? found[0]?.[0] : undefined;
}

/** Role and channel names and upload limits, kept over restarts: a resumed session does not send them again. */
export function createGuilds(values: ModuleServices["values"]): Guilds {
  const stored = values("guild", guildSchema);
  const guilds = new BoundedMap<Guild>(GUILDS_MAX);
  const uploads = new BoundedMap<number>(CHANNELS_MAX);
  const written = new BoundedMap<string>(GUILDS_MAX);
  const empty = (): Guild => ({ roles: {}, channels: {} });

  async function known(guildId: string): Promise<Guild> {
    const inMemory = guilds.get(guildId);
    if (inMemory) return inMemory;
    const found = await stored.get(guildId);
    const guild = guilds.get(guildId) ?? found ?? empty();
    if (found) written.set(guildId, JSON.stringify(found));
    guilds.set(guildId, guild);
    return guild;
  }

  async function change(guildId: string, by: (guild: Guild) => Guild): Promise<void> {
    guilds.set(guildId, by(await known(guildId)));
  }

  /** A login tells of every server at once; those that somebody uses are worth a write. */
  async function keep(guildId: string): Promise<void> {
    const guild = await known(guildId);
    const text = JSON.stringify(guild);
    if (text === written.get(guildId)) return;
    written.set(guildId, text);
    await stored.set(guildId, guild);
  }

  const withName = (names: Readonly<Record<string, string>>, { id, name }: z.output<typeof named>) =>
    name ? { ...names, [id]: name } : names;
  const without = (names: Readonly<Record<string, string>>, id: string) =>
    Object.fromEntries(Object.entries(names).filter(([each]) => each !== id));

  return {
    role: (guildId, roleId) => guilds.get(guildId)?.roles[roleId],
    channel: (guildId, channelId) => guilds.get(guildId)?.channels[channelId],
    roleCalled: (guildId, name) => onlyOneCalled(guilds.get(guildId)?.roles, name),
    channelCalled: (guildId, name) => onlyOneCalled(guilds.get(guildId)?.channels, name),
    async load(guildId) {
      if (guildId !== undefined) await known(guildId);
    },
    async took(event, data) {
      switch (event) {
        case "GUILD_CREATE": {
          const guild = guildCreate.safeParse(data).data;
          if (guild)
            await change(guild.id, (before) => ({
              ...before,
              roles: guild.roles.reduce(withName, {}),
              channels: guild.channels.filter(({ type }) => HOLDS_THREADS.has(type)).reduce(withName, {}),
            }));
          return;
        }
        case "GUILD_ROLE_CREATE":
        case "GUILD_ROLE_UPDATE": {
          const told = roleEvent.safeParse(data).data;
          if (told) await change(told.guild_id, (before) => ({ ...before, roles: withName(before.roles, told.role) }));
          return;
        }
        case "GUILD_ROLE_DELETE": {
          const told = roleGone.safeParse(data).data;
          if (told)
            await change(told.guild_id, (before) => ({ ...before, roles: without(before.roles, told.role_id) }));
          return;
        }
        case "CHANNEL_CREATE":
        case "CHANNEL_UPDATE": {
          const told = channelEvent.safeParse(data).data;
          if (told) await change(told.guild_id, (before) => ({ ...before, channels: withName(before.channels, told) }));
          return;
        }
        case "CHANNEL_DELETE": {
          const told = channelEvent.safeParse(data).data;
          if (told)
            await change(told.guild_id, (before) => ({ ...before, channels: without(before.channels, told.id) }));
          return;
        }
        case "GUILD_DELETE": {
          const gone = guildGone.safeParse(data).data;
          // "unavailable" is an outage of Discord's: the server is still there.
          if (!gone || gone.unavailable) return;
          guilds.delete(gone.id);
          written.delete(gone.id);
          await stored.delete(gone.id);
        }
      }
    },
    async told({ channelId, guildId, channelName, uploadMaxBytes }) {
      if (uploadMaxBytes !== undefined) uploads.set(channelId, uploadMaxBytes);
      if (guildId === undefined) return;
      await change(guildId, (before) => ({
        ...before,
        ...(channelName === undefined ? {} : { channels: { ...before.channels, [channelId]: channelName } }),
        ...(uploadMaxBytes === undefined ? {} : { uploadMaxBytes }),
      }));
      await keep(guildId);
    },
    async uploadMaxBytes(channelId, guildId) {
      const inGuild = guildId === undefined ? undefined : (await known(guildId)).uploadMaxBytes;
      return Math.min(UPLOAD.requestMaxBytes, uploads.get(channelId) ?? inGuild ?? UPLOAD.fileMaxBytes);
    },
  };
}
