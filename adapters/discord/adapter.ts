import { unlessAborted, within } from "../../src/lib/abort.ts";
import { asError } from "../../src/lib/error.ts";
import { type ChatAdapter, ChatError, type ChatEvents } from "../../src/ports/chat.ts";
import type { ModuleServices } from "../../src/ports/module.ts";
import type { CommandSpec } from "../../src/ports/option.ts";
import { createAnswering } from "./answering.ts";
import { attachmentsOf } from "./attachments.ts";
import { type Connection, connect } from "./connection.ts";
import { createGuilds } from "./guilds.ts";
import { type Http, openHttp } from "./http.ts";
import { createInteractions } from "./interactions.ts";
import { discordCapabilities } from "./limits.ts";
import { createOfferedForms } from "./offered-forms.ts";
import { createPosting } from "./posting.ts";
import type { DiscordSettings } from "./settings.ts";
import { createUnwritableChannels } from "./unwritable-channels.ts";

/** The web chat must not wait for Discord. */
const START_WITHIN_MS = 6000;
const STOP_WITHIN_MS = 4000;

export interface DiscordOptions {
  /** How long `start` waits for Discord before it goes on without. Default 6 s. */
  readonly startWithinMs?: number;
  readonly presenceEveryMs?: number;
}

/** Discord by discord.js' REST and gateway clients. Parses, acknowledges, renders; decides nothing. */
export function createDiscord(
  settings: DiscordSettings & { readonly DISCORD_TOKEN: string },
  services: ModuleServices,
  options: DiscordOptions = {},
): ChatAdapter {
  const { log, clock } = services;
  const { nowMs } = clock;
  let opened: Http | undefined;
  let events: ChatEvents | undefined;
  let connection: Connection | undefined;
  let stopped = false;

  const http = (): Http => {
    if (!opened) throw new ChatError("discord", "offline", "not started");
    return opened;
  };
  const listening = (): ChatEvents => {
    if (!events) throw new ChatError("discord", "offline", "not started");
    return events;
  };
  const guilds = createGuilds(services.values);
  const answering = createAnswering(http, clock);
  const posting = createPosting({
    http,
    events: listening,
    answering,
    guilds,
    closed: createUnwritableChannels(nowMs, log),
    commandId: (name, guildId) => connection?.commandId(name, guildId),
    nowMs,
    log,
  });
  const forms = createOfferedForms({ answering, posting, events: listening, names: guilds });
  const interactions = createInteractions({
    events: listening,
    answering,
    guilds,
    forms,
    attachment: attachmentsOf(settings.DISCORD_API_URL),
    http,
    botId: () => connection?.botId(),
    clock,
    log,
  });

  return {
    platform: "discord",
    capabilities: discordCapabilities,

    async start(commands: readonly CommandSpec[], handlers: ChatEvents): Promise<string> {
      stopped = false;
      events = handlers;
      const connected = await openHttp({ apiUrl: settings.DISCORD_API_URL, token: settings.DISCORD_TOKEN, nowMs, log });
      if (stopped) {
        connected.close();
        throw new ChatError("discord", "offline", "stopped");
      }
      opened = connected;
      interactions.open(commands);
      connection = connect({
        settings,
        commands,
        http: connected,
        services,
        interactions,
        guilds,
        events: handlers,
        ...(options.presenceEveryMs === undefined ? {} : { presenceEveryMs: options.presenceEveryMs }),
      });
      return lineWithin(connection.line, options.startWithinMs ?? START_WITHIN_MS, services);
    },

    async stop(how) {
      if (stopped) return;
      stopped = true;
      interactions.close();
      const deadline = clock.deadline(STOP_WITHIN_MS);
      if (how === "now") opened?.close();
      else await unlessAborted(interactions.idle(), deadline);
      // Last: what was worked on until now counts as acknowledged when the next process resumes.
      if (connection)
        await unlessAborted(connection.leave(how), deadline).catch((error: unknown) =>
          log.warn("discord.left_badly", { error: asError(error) }),
        );
      opened?.close();
      opened = undefined;
      connection = undefined;
    },

    acknowledge: (target, visibility) => answering.acknowledge(target, visibility),
    post: (target, view, posted) => posting.post(target, forms.withWayBack(target, view, posted), posted),
    edit: (message, view) => posting.edit(message, view),
    openForm: (target, form) => forms.open(target, form),
  };
}

/** The line once it is known; what comes of it later goes to the log. */
async function lineWithin(
  line: Promise<string>,
  withinMs: number,
  { log, clock }: Pick<ModuleServices, "log" | "clock">,
): Promise<string> {
  const inTime = await within(clock, withinMs, line);
  if (inTime !== undefined) return inTime;
  line.then(
    (said) => log.info("discord.ready", { said }),
    (error: unknown) => log.error("discord.stopped", { error: asError(error) }),
  );
  return "Discord: not reachable yet, trying on";
}
