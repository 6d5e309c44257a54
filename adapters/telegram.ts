import { type ChatAdapter, ChatError } from "../src/ports/chat.ts";
import { defineAdapter, type ModuleServices } from "../src/ports/module.ts";
import { capabilities, RATES, type Rates } from "./telegram/limits.ts";
import type { Session } from "./telegram/session.ts";
import { type TelegramSettings, telegramSettings, withWebhookAddress } from "./telegram/settings.ts";

/** A Telegram bot on grammY: groups, topics, channels and private chats. */
export const module = defineAdapter({
  name: "telegram",
  packages: ["grammy"],
  summary: "a Telegram bot, in groups with topics and in private chats",
  env: telegramSettings,
  setup: {
    title: "Telegram",
    why: "Members send /imagine to a bot, in your Telegram groups and in private chats.",
    how: [
      "Open https://t.me/BotFather in Telegram, send /newbot, and answer its two questions.",
      "Copy the token it answers with; it looks like 123456:ABC-DEF….",
    ],
    ask: ["TELEGRAM_TOKEN"],
  },
  create: (settings, services) =>
    settings.TELEGRAM_TOKEN === undefined
      ? undefined
      : createTelegram(withWebhookAddress(settings, services.publicUrl), settings.TELEGRAM_TOKEN, services),
  async inspect(settings, signal) {
    if (settings.TELEGRAM_TOKEN === undefined) return undefined;
    const { inspectTelegram } = await import("./telegram/inspect.ts");
    return inspectTelegram(settings, signal);
  },
});

/** @param rates how fast it goes by itself: tests have no minutes */
export function createTelegram(
  settings: TelegramSettings,
  token: string,
  services: ModuleServices,
  rates: Rates = RATES,
): ChatAdapter {
  let session: Session | undefined;
  let stopped = false;

  const posts = () => {
    if (!session || stopped) throw new ChatError("telegram", "offline", stopped ? "stopped" : "not started");
    return session.posts;
  };
  /** What leaves is a `ChatError`, or a plain error for a bug of ours. */
  const told = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      const { leaving } = await import("./telegram/errors.ts");
      throw leaving(error);
    }
  };

  return {
    platform: "telegram",
    capabilities,
    async start(commands, events) {
      // Loaded here: 20 MB that installations without Telegram do not need.
      stopped = false;
      const { openSession } = await import("./telegram/session.ts");
      if (stopped) throw new ChatError("telegram", "offline", "stopped");
      const opened = openSession({ settings, token, services, rates, commands, events });
      session = opened;
      try {
        return await opened.start();
      } catch (error) {
        session = undefined;
        await opened.stop();
        throw error;
      }
    },
    async stop(how) {
      if (stopped) return;
      stopped = true;
      await session?.stop(how);
    },
    memberCalled: async (written) => session?.memberCalled(written),
    acknowledge: (target, visibility) => told(() => posts().acknowledge(target, visibility)),
    post: (target, view, { visibility }) => told(() => posts().post(target, view, visibility)),
    edit: (message, view) => told(() => posts().edit(message, view)),
    openForm: (target, form) => told(() => posts().openForm(target, form)),
  };
}
