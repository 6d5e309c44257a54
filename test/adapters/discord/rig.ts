import { onTestFinished } from "vitest";
import { unescapeMarkdown } from "../../../adapters/discord/escape.ts";
import { createDiscord } from "../../../adapters/discord.ts";
import type { ChatAdapter } from "../../../src/chat.ts";
import type { Log } from "../../../src/log.ts";
import type { KeyValues } from "../../../src/store.ts";
import type { FakeChannel, FakeGuild } from "../../fakes/discord/places.ts";
import type { SeenMessage } from "../../fakes/discord/seen.ts";
import { type DiscordFake, type DiscordFakeOptions, openDiscordFake } from "../../fakes/discord.ts";
import { keptInMemory, moduleWorld } from "../../fakes/module-world.ts";

export interface Served {
  readonly fake: DiscordFake;
  readonly guild: FakeGuild;
  readonly channel: FakeChannel;
}

/** A Discord with one server and one channel, judged at the end of the test. */
export async function serve(options: DiscordFakeOptions = {}): Promise<Served> {
  const fake = await openDiscordFake(options);
  onTestFinished(async () => {
    await fake.close();
    fake.expectNoComplaints();
  });
  const guild = fake.guild("The Printers");
  return { fake, guild, channel: guild.channel("posters") };
}

export interface AdapterParts {
  readonly kept?: KeyValues;
  readonly log?: Log;
  readonly guildIds?: readonly string[];
  readonly shards?: string;
  readonly startWithinMs?: number;
  readonly presenceEveryMs?: number;
  readonly token?: string;
  readonly apiUrl?: string;
}

/** The real adapter, pointed at the fake and on its clock. */
export function adapterTo(fake: DiscordFake, parts: AdapterParts = {}): ChatAdapter {
  return createDiscord(
    {
      DISCORD_TOKEN: parts.token ?? fake.token,
      DISCORD_API_URL: parts.apiUrl ?? fake.apiUrl,
      DISCORD_GUILD_IDS: parts.guildIds ?? [],
      DISCORD_SHARDS: parts.shards ?? "auto",
    },
    moduleWorld({
      kept: parts.kept ?? keptInMemory(),
      nowMs: fake.clock.nowMs,
      ...(parts.log ? { log: parts.log } : {}),
    }),
    {
      ...(parts.startWithinMs === undefined ? {} : { startWithinMs: parts.startWithinMs }),
      ...(parts.presenceEveryMs === undefined ? {} : { presenceEveryMs: parts.presenceEveryMs }),
    },
  );
}

/** What a person reads: without the marks that only keep Discord from acting on it. */
export const readable = (message: Pick<SeenMessage, "text">): string => unescapeMarkdown(message.text);

export function noted(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  const note =
    (level: string) =>
    (fact: string, fields: object = {}) =>
      void lines.push(
        `${level} ${fact} ${JSON.stringify(fields, (_key, value: unknown) => (value instanceof Error ? `${value.stack} ${value.cause}` : value))}`,
      );
  return { lines, debug: note("debug"), info: note("info"), warn: note("warn"), error: note("error") };
}
