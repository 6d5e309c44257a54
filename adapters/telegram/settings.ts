import { z } from "zod";
import { wholeNumberSetting } from "../../src/lib/number-text.ts";

const CHAT_ID = /^-?\d{1,16}$/;
const yesNo = (fallback: "yes" | "no") =>
  z
    .enum(["yes", "no"])
    .default(fallback)
    .transform((word) => word === "yes");

export const telegramSettings = z.object({
  TELEGRAM_TOKEN: z
    .string()
    .regex(/^\d+:[A-Za-z0-9_-]{10,}$/, "must be the token @BotFather gave you, like 123456:ABC-DEF…")
    .optional()
    .describe("the bot's token from @BotFather; Telegram is on when it is set"),
  TELEGRAM_API_URL: z
    .url({ protocol: /^https?$/, message: "must be an address such as https://api.telegram.org" })
    .transform((url) => url.replace(/\/+$/, ""))
    .default("https://api.telegram.org")
    .describe("another Bot API server, e.g. one of your own"),
  TELEGRAM_CHATS: z
    .string()
    .default("")
    .transform((text) =>
      text
        .split(",")
        .map((part) => part.trim())
        .filter((part) => part !== ""),
    )
    .refine((ids) => ids.every((id) => CHAT_ID.test(id)), "each entry must be a chat id such as -1001234567890")
    .describe("groups and channels that may use the bot, by chat id; empty: every group, no channel"),
  TELEGRAM_REPLY_EDITS: yesNo("yes").describe(
    "whether words in reply to a picture can make it anew with them (yes or no): at once in private, in groups where /settings says so, by a button; /edit always does",
  ),
  TELEGRAM_REACTION_VOTES: yesNo("no").describe(
    "whether a 👍 counts as a press of Reroll (yes or no); the bot must be an admin of the group",
  ),
  TELEGRAM_WEBHOOK_URL: z
    .union([z.url({ protocol: /^https?$/ }), z.string().regex(/^\/[^\s?#]+$/)], {
      error:
        "must be an address such as https://bot.example.org/telegram, or a path such as /telegram below WEB_PUBLIC_URL",
    })
    .optional()
    .describe(
      "where Telegram reaches this machine, or the path below WEB_PUBLIC_URL, e.g. `/telegram`; empty: the bot asks by itself, which works everywhere",
    ),
  TELEGRAM_WEBHOOK_HOST: z.string().default("127.0.0.1").describe("address the webhook server listens on"),
  TELEGRAM_WEBHOOK_PORT: wholeNumberSetting(0, 65_535)
    .default(8443)
    .describe("port of the webhook server; your HTTPS proxy sends TELEGRAM_WEBHOOK_URL there"),
});
export type TelegramSettings = z.output<typeof telegramSettings>;

/** With a whole address instead of a path. @throws Error for a path below no address */
export function withWebhookAddress(settings: TelegramSettings, publicUrl: string | undefined): TelegramSettings {
  const written = settings.TELEGRAM_WEBHOOK_URL;
  if (!written?.startsWith("/")) return settings;
  if (publicUrl === undefined)
    throw new Error(
      `TELEGRAM_WEBHOOK_URL is the path ${written} only. Set WEB_PUBLIC_URL to the address in front of it, or write the whole address.`,
    );
  return { ...settings, TELEGRAM_WEBHOOK_URL: publicUrl + written };
}
