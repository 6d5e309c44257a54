import { z } from "zod";
import { ChatError } from "../../src/ports/chat.ts";
import type { Log } from "../../src/ports/log.ts";
import type { PlatformInspection } from "../../src/ports/module.ts";
import { fetchApplication } from "./application.ts";
import { chatErrorOf, isGone, isRefused } from "./errors.ts";
import { type Http, openHttp } from "./http.ts";
import { inviteLink } from "./invite.ts";
import { DISCORD_API_URL, type DiscordSettings } from "./settings.ts";

const gatewaySchema = z.object({
  shards: z.int(),
  session_start_limit: z.object({ total: z.int(), remaining: z.int(), reset_after: z.number() }),
});
const listSchema = z.array(z.looseObject({ name: z.string() }));
/** Each start of a shard takes one; a bot that keeps restarting uses them up. */
const FEW_SESSIONS = 50;
const INSPECT_WITHIN_MS = 9000;

const none = () => undefined;
const silent: Log = { debug: none, info: none, warn: none, error: none };

/** Looks at Discord with the settings, changes nothing, and says what is wrong and how to mend it. As `AdapterModule.inspect`. */
export async function inspectDiscord(
  settings: DiscordSettings,
  signal: AbortSignal,
): Promise<PlatformInspection | undefined> {
  const token = settings.DISCORD_TOKEN;
  if (token === undefined) return undefined;
  const within = AbortSignal.any([signal, AbortSignal.timeout(INSPECT_WITHIN_MS)]);
  const http = await openHttp({ apiUrl: settings.DISCORD_API_URL, token, nowMs: Date.now, log: silent });
  const bot: Http["bot"] = (method, route, sent) => http.bot(method, route, { ...sent, signal: within });
  try {
    return await look({ bot }, settings);
  } catch (thrown) {
    return failed(chatErrorOf(thrown), settings);
  } finally {
    http.close();
  }
}

async function look(http: Pick<Http, "bot">, settings: DiscordSettings): Promise<PlatformInspection> {
  const facts: string[] = [];
  const nextSteps: string[] = [];
  const application = await fetchApplication(http);
  const invite = inviteLink(application.id);
  facts.push(`Discord knows the token: it is @${application.botName}'s (application ${application.id}).`);

  if (application.guilds !== undefined)
    facts.push(`The bot is in ${application.guilds} ${application.guilds === 1 ? "server" : "servers"}.`);
  if (application.guilds === 0) nextSteps.push(`Add the bot to your server: open ${invite} and choose the server.`);

  const gateway = gatewaySchema.parse(await http.bot("GET", "/gateway/bot"));
  const { total, remaining, reset_after: resetMs } = gateway.session_start_limit;
  facts.push(`Logins left today: ${remaining} of ${total}; Discord recommends ${shardsText(gateway.shards)}.`);
  if (remaining < FEW_SESSIONS)
    nextSteps.push(
      `Only ${remaining} logins are left for the next ${Math.ceil(resetMs / 3_600_000)} hours: find out why Placard restarts so often before it runs out.`,
    );
  if (settings.DISCORD_SHARDS !== "auto" && Number(settings.DISCORD_SHARDS) < gateway.shards)
    nextSteps.push(
      `DISCORD_SHARDS is ${settings.DISCORD_SHARDS}, Discord recommends ${gateway.shards}: set it to auto.`,
    );

  const scopes = settings.DISCORD_GUILD_IDS.length === 0 ? [undefined] : settings.DISCORD_GUILD_IDS;
  for (const guildId of scopes) {
    const where = guildId === undefined ? "" : ` in server ${guildId}`;
    const route =
      `/applications/${application.id}${guildId === undefined ? "" : `/guilds/${guildId}`}/commands` as const;
    try {
      const there = listSchema.parse(await http.bot("GET", route));
      facts.push(
        there.length === 0
          ? `No commands are registered${where} yet; the next start does it.`
          : `${there.length} commands are registered${where}; the next start mends what differs.`,
      );
    } catch (thrown) {
      if (!isRefused(thrown) && !isGone(thrown)) throw thrown;
      facts.push(`The bot is not in server ${guildId}, which DISCORD_GUILD_IDS names.`);
      nextSteps.push(`Add the bot to server ${guildId} with ${invite}, or take the number out of DISCORD_GUILD_IDS.`);
    }
  }
  facts.push(`The link that adds the bot, with exactly what it needs: ${invite}`);
  return { ok: nextSteps.length === 0, facts, nextSteps };
}

const shardsText = (shards: number) => (shards === 1 ? "one connection" : `${shards} connections`);

function failed(error: Error, settings: DiscordSettings): PlatformInspection {
  const code = error instanceof ChatError ? error.code : "broke";
  const own = settings.DISCORD_API_URL !== DISCORD_API_URL;
  switch (code) {
    case "auth":
      return {
        ok: false,
        refused: true,
        facts: ["Discord does not accept DISCORD_TOKEN."],
        nextSteps: [
          "Open https://discord.com/developers/applications, choose your application, page Bot, press Reset Token, and put the new token into .env as DISCORD_TOKEN.",
        ],
      };
    case "rate_limited":
      return {
        ok: false,
        facts: ["Discord asks this address to slow down."],
        nextSteps: ["Wait some minutes and run it again; other bots on this machine count too."],
      };
    default:
      return {
        ok: false,
        facts: [`Discord cannot be reached at ${settings.DISCORD_API_URL}.`],
        nextSteps: [
          own
            ? "Check DISCORD_API_URL: it names a server of your own."
            : "Check this machine's connection, and https://discordstatus.com for an outage. Placard starts all the same and keeps trying.",
        ],
      };
  }
}
