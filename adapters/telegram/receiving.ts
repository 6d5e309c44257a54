import type { Server } from "node:http";
import { type Bot, GrammyError } from "grammy";
import type { Update } from "grammy/types";
import { pauseMs, within } from "../../src/lib/abort.ts";
import type { Clock } from "../../src/lib/clock.ts";
import { asError } from "../../src/lib/error.ts";
import { ChatError } from "../../src/ports/chat.ts";
import type { Log } from "../../src/ports/log.ts";
import type { ModuleServices } from "../../src/ports/module.ts";
import { faultOf, Refused } from "./errors.ts";
import type { TelegramSettings } from "./settings.ts";
import { listenForUpdates, webhookSecret } from "./webhook.ts";

type Wanted = Exclude<keyof Update, "update_id">;

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 60_000;
const POLL_SECONDS = 30;
/** Polling that went on for this long had begun well: the next pause is a short one again. */
const GOES_WELL_MS = 120_000;
const PASSING: ReadonlySet<number> = new Set([404, 409, 429]);
const CONFIRM_WITHIN_MS = 1500;
const REGISTERED_WITHIN_MS = 8000;

export interface Receiving {
  /** Begins to receive updates, trying for as long as it takes. @throws ChatError "offline" for a webhook that cannot be */
  start(): Promise<void>;
  /** No update is taken any more; "now": and none is confirmed, as another process asks for them. Within 2 s; never throws. */
  stop(how?: "now"): Promise<void>;
}

/** Only what we read: Telegram keeps the rest to itself. Reactions cost every group's reactions, so they are asked for by setting. */
export const wantedUpdates = (settings: Pick<TelegramSettings, "TELEGRAM_REACTION_VOTES">): Wanted[] => [
  "message",
  "edited_message",
  "channel_post",
  "edited_channel_post",
  "callback_query",
  "inline_query",
  "my_chat_member",
  "poll_answer",
  ...(settings.TELEGRAM_REACTION_VOTES ? (["message_reaction"] as const) : []),
];

/**
 * Calls again until it succeeds, is refused for good, or the adapter stops. Not for good: 404 is what a proxy or a Bot API
 * server says before it is up, 409 that another program is in the way. grammY's own retry takes its milliseconds for
 * seconds: its second wait is 100 s.
 *
 * @throws Error when the token is refused, or what was asked for
 */
export async function patiently<T>(
  call: () => Promise<T>,
  { clock, stopping, log }: { readonly clock: Clock; readonly stopping: AbortSignal; readonly log: Log },
): Promise<T | undefined> {
  for (let waitMs = FIRST_WAIT_MS; !stopping.aborted; waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2)) {
    try {
      return await call();
    } catch (error) {
      if (error instanceof GrammyError && error.error_code < 500 && !PASSING.has(error.error_code)) throw error;
      const asked = error instanceof GrammyError ? (error.parameters.retry_after ?? 0) * 1000 : 0;
      log.warn("telegram.unreachable", { waitMs: Math.max(asked, waitMs), error: faultOf(error) });
      await pauseMs(clock, Math.max(asked, waitMs), stopping).catch(() => undefined);
    }
  }
  return undefined;
}

/** Asks for updates by long polling, or has them sent where the settings name an address. */
export function createReceiving(deps: {
  readonly bot: Bot;
  readonly settings: TelegramSettings;
  readonly values: ModuleServices["values"];
  readonly clock: Clock;
  readonly log: Log;
  readonly stopping: AbortSignal;
  readonly notices: ModuleServices["notices"];
  /** Resolves when nothing that Telegram thinks delivered is still on its way into the inbox; false: something got lost. */
  readonly isSafe: () => Promise<boolean>;
}): Receiving {
  const { bot, settings, clock, log, stopping } = deps;
  let server: Server | undefined;
  let mayConfirm = true;
  let polling: Promise<void> | undefined;
  let webhookGone = false;
  let reachable = true;
  const allowed = wantedUpdates(settings);

  // grammY polls by itself, and says nothing about it: the calls it makes are the place to listen.
  bot.api.config.use(async (previous, method, payload, signal) => {
    // Done already, with our own patience.
    if (method === "deleteWebhook" && webhookGone) return { ok: true, result: true as never };
    if (method !== "getUpdates") return previous(method, payload, signal);
    // What could not be stored must not be confirmed.
    if (!mayConfirm) return { ok: true, result: [] as never };
    try {
      const answer = await previous(method, payload, signal);
      tellReachable(answer.ok, answer.ok ? undefined : new Error(`telegram: ${answer.description}`));
      return answer;
    } catch (error) {
      tellReachable(false, error);
      throw error;
    }
  });

  /** Once when the line breaks, and once when it is back. */
  function tellReachable(now: boolean, error?: unknown): void {
    if (now === reachable || stopping.aborted) return;
    reachable = now;
    if (now) deps.notices.say(NOTICE, undefined);
    if (now) log.info("telegram.reachable");
    else log.warn("telegram.unreachable", error === undefined ? {} : { error: faultOf(error) });
  }

  async function pollOnce(): Promise<void> {
    webhookGone = false;
    await patiently(() => bot.api.deleteWebhook(), { clock, stopping, log });
    if (stopping.aborted) return;
    webhookGone = true;
    await bot.start({ allowed_updates: allowed, timeout: POLL_SECONDS, limit: 100 });
  }

  /** Until the adapter stops or the token is refused: whatever else ends it may pass, as another program with our token. */
  async function poll(): Promise<void> {
    let waitMs = FIRST_WAIT_MS;
    while (!stopping.aborted) {
      const beganMs = clock.steadyMs();
      try {
        await pollOnce();
        return;
      } catch (error) {
        if (stopping.aborted) return;
        const trouble = troubleOfPolling(error);
        deps.notices.say(NOTICE, `Telegram: ${trouble.sentence}`);
        if (trouble.final) return log.error(`telegram.stopped: ${trouble.sentence}`, { error: faultOf(error) });
        if (clock.steadyMs() - beganMs > GOES_WELL_MS) waitMs = FIRST_WAIT_MS;
        log.error(`telegram.interrupted: ${trouble.sentence}`, { waitMs, error: faultOf(error) });
        await pauseMs(clock, waitMs, stopping).catch(() => undefined);
        waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2);
      }
    }
  }

  async function listen(url: string): Promise<void> {
    const secret = await webhookSecret(deps.values);
    server = await listenForUpdates({ bot, settings, path: new URL(url).pathname, secret, log });
    if (stopping.aborted) {
      server.close();
      return;
    }
    const register = (signal?: AbortSignal) =>
      // grammY types its signals by a polyfill; Node's own is one.
      bot.api.setWebhook(url, { secret_token: secret, allowed_updates: allowed }, signal as never);
    try {
      await register(clock.deadline(REGISTERED_WITHIN_MS));
    } catch (error) {
      const fault = faultOf(error);
      if (fault instanceof Refused) throw refusedAddress(fault);
      // The other platforms need not wait until Telegram is back.
      void patiently(() => register(), { clock, stopping, log }).catch((later: unknown) =>
        log.error("telegram.webhook_refused", { error: faultOf(later) }),
      );
    }
  }

  return {
    async start() {
      const url = settings.TELEGRAM_WEBHOOK_URL;
      if (url === undefined) polling = poll();
      else await listen(url);
    },
    async stop(how) {
      deps.notices.say(NOTICE, undefined);
      server?.closeAllConnections();
      await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
      if (!polling) return;
      mayConfirm = how !== "now" && (await deps.isSafe());
      const confirmed = bot.stop().catch((error: unknown) =>
        // What is not confirmed comes again, and is known.
        log.debug("telegram.unconfirmed", { error: asError(faultOf(error)) }),
      );
      await within(clock, CONFIRM_WITHIN_MS, confirmed);
    },
  };
}

const refusedAddress = ({ description }: Refused): ChatError =>
  new ChatError(
    "telegram",
    "offline",
    `Telegram refuses TELEGRAM_WEBHOOK_URL (${description}): it must be an https address that Telegram can reach. Without it the bot asks for updates by itself, which works everywhere`,
  );

const NOTICE = "telegram:receiving";

/** Why nothing is received at the moment, in the operator's words; `final`: for good. */
function troubleOfPolling(error: unknown): { readonly sentence: string; readonly final: boolean } {
  const code = error instanceof GrammyError ? error.error_code : undefined;
  if (code === 409)
    return {
      sentence:
        "another program receives this bot's messages with the same token. Stop it, or give it a bot of its own; Placard tries again by itself. The other platforms go on",
      final: false,
    };
  if (code === 401)
    return {
      sentence:
        "the token in TELEGRAM_TOKEN is no longer valid. Copy the new one from @BotFather and start Placard again",
      final: true,
    };
  return { sentence: "receiving messages broke; Placard tries again by itself", final: false };
}
