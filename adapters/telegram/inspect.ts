import { z } from "zod";
import { ChatError } from "../../src/ports/chat.ts";
import type { PlatformInspection } from "../../src/ports/module.ts";
import { openBot } from "./bot.ts";
import { faultOf } from "./errors.ts";
import { wantedUpdates } from "./receiving.ts";
import type { TelegramSettings } from "./settings.ts";

const meSchema = z.object({
  username: z.string(),
  can_join_groups: z.boolean().optional(),
  can_read_all_group_messages: z.boolean().optional(),
  supports_inline_queries: z.boolean().optional(),
});
const webhookSchema = z.object({
  url: z.string(),
  pending_update_count: z.int(),
  last_error_message: z.string().optional(),
  last_error_date: z.int().optional(),
});

const CALL_SECONDS = 15;
/** More than a busy evening leaves: nobody has been listening for a while. */
const MANY_PENDING = 100;

/**
 * What the doctor says about Telegram: facts, and for everything that is in the way the step that mends it. Asks, and
 * changes nothing. Never throws.
 */
export async function inspectTelegram(settings: TelegramSettings, signal: AbortSignal): Promise<PlatformInspection> {
  const token = settings.TELEGRAM_TOKEN;
  if (token === undefined)
    return {
      ok: true,
      facts: ["off: TELEGRAM_TOKEN is not set"],
      nextSteps: ["To be on Telegram, ask @BotFather for a bot (/newbot) and set TELEGRAM_TOKEN."],
    };
  try {
    return await inspect(settings, token, signal);
  } catch (error) {
    const fault = faultOf(error);
    const facts = [`${settings.TELEGRAM_API_URL}: ${fault.message.replace(/^telegram: /, "")}`];
    const refused = fault instanceof ChatError && fault.code === "auth";
    return {
      ok: false,
      refused,
      facts,
      nextSteps: [
        refused
          ? "Ask @BotFather for the token again (/mybots, your bot, API Token) and set TELEGRAM_TOKEN to it."
          : "Check this machine's way to the internet, and TELEGRAM_API_URL if you set it. Where Telegram is blocked, a Bot API server elsewhere helps.",
      ],
    };
  }
}

async function inspect(settings: TelegramSettings, token: string, signal: AbortSignal) {
  const { api } = openBot(token, settings.TELEGRAM_API_URL, CALL_SECONDS);
  // grammY types its signals by a polyfill; Node's own is one.
  const until = signal as unknown as Parameters<typeof api.getMe>[0];
  const me = meSchema.parse(await api.getMe(until));
  const webhook = webhookSchema.parse(await api.getWebhookInfo(until));
  const said = [about(me), received(settings, webhook), rules(settings)];
  return {
    ok: said.every(({ ok }) => ok),
    facts: said.flatMap(({ facts }) => facts),
    nextSteps: said.flatMap(({ nextSteps }) => nextSteps),
  };
}

interface Said {
  readonly ok: boolean;
  readonly facts: readonly string[];
  readonly nextSteps: readonly string[];
}

function about(me: z.output<typeof meSchema>): Said {
  const joins = me.can_join_groups !== false;
  return {
    ok: joins,
    facts: [
      `@${me.username} answers; https://t.me/${me.username}`,
      joins ? "it can be added to groups" : "it cannot be added to groups",
      me.can_read_all_group_messages === true
        ? "privacy mode is off: it receives everything a group writes, and reads only commands and answers to it"
        : `privacy mode is on: in groups it receives commands (beside other bots as /imagine@${me.username}) and answers to its messages, which is all it needs`,
      me.supports_inline_queries === true
        ? `inline mode is on: “@${me.username} red fox” works in any chat`
        : "inline mode is off",
    ],
    nextSteps: [
      ...(joins ? [] : ["Tell @BotFather /setjoingroups and Enable, then add the bot to your group."]),
      ...(me.supports_inline_queries === true
        ? []
        : [`If you want “@${me.username} red fox” in any chat, tell @BotFather /setinline. It works without, too.`]),
    ],
  };
}

function received(settings: TelegramSettings, webhook: z.output<typeof webhookSchema>): Said {
  const written = settings.TELEGRAM_WEBHOOK_URL;
  const wanted = written?.startsWith("/") ? `WEB_PUBLIC_URL${written}` : written;
  const facts = [
    wanted === undefined
      ? "updates: the bot asks for them (long polling)"
      : `updates: Telegram sends them to ${wanted}, listened for on ${settings.TELEGRAM_WEBHOOK_HOST} port ${settings.TELEGRAM_WEBHOOK_PORT}`,
    webhook.pending_update_count === 1
      ? "1 update waits to be delivered"
      : `${webhook.pending_update_count} updates wait to be delivered`,
    `receives ${wantedUpdates(settings).join(", ")}`,
  ];
  const nextSteps: string[] = [];
  if (wanted === undefined && webhook.url !== "")
    nextSteps.push(
      "Another program set a webhook for this bot; starting Placard takes it away. Give the other one a bot of its own.",
    );
  if (wanted?.startsWith("http:") && settings.TELEGRAM_API_URL === "https://api.telegram.org")
    nextSteps.push(
      "Telegram sends updates to https addresses only: put TELEGRAM_WEBHOOK_URL behind a certificate, or leave it empty.",
    );
  if (wanted !== undefined && webhook.last_error_message !== undefined)
    nextSteps.push(
      `Telegram could not deliver to ${wanted}: “${webhook.last_error_message}”. Check that its proxy leads to ${settings.TELEGRAM_WEBHOOK_HOST} port ${settings.TELEGRAM_WEBHOOK_PORT}.`,
    );
  if (webhook.pending_update_count > MANY_PENDING)
    nextSteps.push("Many updates wait: start Placard, or look whether it receives any.");
  return { ok: !(wanted !== undefined && webhook.last_error_message !== undefined), facts, nextSteps };
}

function rules(settings: TelegramSettings): Said {
  const { TELEGRAM_CHATS: chats } = settings;
  return {
    ok: true,
    facts: [
      chats.length === 0 ? "every group may use it, no channel" : `these chats may use it: ${chats.join(", ")}`,
      settings.TELEGRAM_REACTION_VOTES
        ? "a 👍 counts as a press of Reroll where the bot is an admin"
        : "reactions are not counted",
    ],
    nextSteps: [],
  };
}
