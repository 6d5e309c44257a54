import { pauseMs } from "../../src/lib/abort.ts";
import { asError } from "../../src/lib/error.ts";
import { growingWaitMs } from "../../src/lib/named-wait.ts";
import { ChatError, type ChatEvents } from "../../src/ports/chat.ts";
import type { ModuleServices } from "../../src/ports/module.ts";
import type { CommandSpec } from "../../src/ports/option.ts";
import { type Application, fetchApplication } from "./application.ts";
import { registrationOf } from "./commands.ts";
import { type Gateway, type GatewayEvent, openGateway } from "./gateway.ts";
import type { Guilds } from "./guilds.ts";
import type { Http } from "./http.ts";
import type { Interactions } from "./interactions.ts";
import { inviteLink } from "./invite.ts";
import { createPresence } from "./presence.ts";
import { type Registered, register } from "./registering.ts";
import { createSessions } from "./sessions.ts";
import type { DiscordSettings } from "./settings.ts";

export interface ConnectionDeps {
  readonly settings: DiscordSettings & { readonly DISCORD_TOKEN: string };
  readonly commands: readonly CommandSpec[];
  readonly http: Http;
  readonly services: ModuleServices;
  readonly interactions: Interactions;
  readonly guilds: Guilds;
  readonly events: Pick<ChatEvents, "queueLength" | "language">;
  readonly presenceEveryMs?: number;
}

export interface Connection {
  /** Resolves with the line for the operator, once everything is there. @throws ChatError "auth" */
  readonly line: Promise<string>;
  commandId(name: string, guildId: string | undefined): string | undefined;
  /** Of our own user, once it is known. */
  botId(): string | undefined;
  /** Leaves so that the next process can go on; "now": it does already. Never throws. */
  leave(how?: "now"): Promise<void>;
}

const RETRY = { firstMs: 1000, longestMs: 60_000 };

/** Logs in, registers the commands and listens; where Discord is away, tries on until it is there. */
export function connect(deps: ConnectionDeps): Connection {
  const { settings, http, services, interactions, guilds } = deps;
  const { log, clock } = services;
  const stopping = new AbortController();
  const sessions = createSessions({
    values: services.values,
    token: settings.DISCORD_TOKEN,
    nowMs: clock.nowMs,
    failed: (error) => log.warn("discord.session_not_kept", { error: asError(error) }),
  });
  const joined = new Set<string>();
  let application: Application | undefined;
  let registered: Registered | undefined;
  let gateway: Gateway | undefined;
  const presence = createPresence({
    events: deps.events,
    show: (shown) => gateway?.setPresence(shown),
    ...(deps.presenceEveryMs === undefined ? {} : { everyMs: deps.presenceEveryMs }),
  });
  // A wrong command is our mistake: it stops the start, whatever Discord does.
  const registration = registrationOf(deps.commands);
  if (registration.leftOut.length > 0)
    log.warn("discord.too_many_commands", {
      left: registration.leftOut.join(", "),
      todo: "Discord takes 100 commands; these styles are reached with /imagine style:",
    });

  function received({ name, data, shardId, sequence, replayed }: GatewayEvent): void {
    if (name === "INTERACTION_CREATE") {
      sessions.begun(shardId, sequence);
      void interactions.received(data, replayed).then((taken) => {
        if (taken) sessions.ended(shardId, sequence);
        else log.debug("discord.event_left", { shard: shardId, sequence });
      });
    }
    sessions.seen(shardId, sequence);
    if (name === "INTERACTION_CREATE") return;
    if (name === "READY") presence.again();
    if (name === "GUILD_CREATE" || name === "GUILD_DELETE") countGuild(name, data);
    void guilds.took(name, data).catch((error: unknown) => log.warn("discord.event_failed", { error: asError(error) }));
  }

  function countGuild(name: string, data: unknown): void {
    const { id, unavailable } = (data ?? {}) as { readonly id?: unknown; readonly unavailable?: unknown };
    if (typeof id !== "string" || unavailable === true) return;
    if (name === "GUILD_CREATE") joined.add(id);
    else joined.delete(id);
  }

  async function registerWith({ id }: Application): Promise<Registered> {
    const { refused, ...all } = await register(registration, {
      http,
      applicationId: id,
      guildIds: settings.DISCORD_GUILD_IDS,
      values: services.values,
      log,
    });
    for (const guild of refused)
      log.warn("discord.server_refused", { guild, todo: `add the bot there: ${inviteLink(id)}` });
    return { refused, ...all };
  }

  /** Goes on where an earlier try broke off: on a bad line all of it seldom succeeds in one go. */
  async function everything(): Promise<string> {
    application ??= await fetchApplication(http);
    registered ??= await registerWith(application);
    gateway ??= await openGateway({
      http,
      token: settings.DISCORD_TOKEN,
      shards: settings.DISCORD_SHARDS === "auto" ? "auto" : Number(settings.DISCORD_SHARDS),
      sessions,
      received,
      clock,
      log,
    });
    if (stopping.signal.aborted) return "Discord: stopped";
    await gateway.connect();
    if (!stopping.signal.aborted) presence.start();
    return lineOf(application, joined.size);
  }

  async function untilThere(): Promise<string> {
    let backoffs = -1;
    let reached = 0;
    for (let failures = 0; ; failures += 1) {
      try {
        const line = await everything();
        if (failures > 0) log.info("discord.reached", { after: failures });
        return line;
      } catch (thrown) {
        const error = asError(thrown);
        // All but a wrong token may pass: a proxy that is not up yet answers 404.
        const later = error instanceof ChatError && error.code !== "auth";
        if (stopping.signal.aborted) return "Discord: stopped";
        if (!later) throw error;
        if (failures === 0) log.warn("discord.unreachable", { code: error.code, error });
        const steps = Number(application !== undefined) + Number(registered !== undefined);
        backoffs = steps > reached ? 0 : backoffs + 1;
        reached = steps;
        const waitMs = growingWaitMs(error.retryAfterMs, backoffs + 1, RETRY);
        await pauseMs(clock, waitMs, stopping.signal).catch(() => undefined);
        if (stopping.signal.aborted) return "Discord: stopped";
      }
    }
  }

  const line = untilThere();

  return {
    line,
    commandId: (name, guildId) => registered?.commandId(name, guildId),
    botId: () => application?.botId,
    async leave(how) {
      stopping.abort();
      presence.stop();
      if (how === "now") sessions.letGo();
      await gateway?.leave();
      await sessions.flush();
    },
  };
}

function lineOf(application: Application, joined: number): string {
  const guilds = Math.max(application.guilds ?? 0, joined);
  const who = `Discord: ready as @${application.botName}`;
  if (guilds === 0) return `${who}, in no server yet; add it with ${inviteLink(application.id)}`;
  return `${who} in ${guilds} ${guilds === 1 ? "server" : "servers"}`;
}
