import { RATES } from "../../adapters/telegram/limits.ts";
import { telegramSettings } from "../../adapters/telegram/settings.ts";
import { createTelegram } from "../../adapters/telegram.ts";
import { runBot } from "./bot-core.ts";

// With the real Telegram adapter: `node telegram-bot.ts FOLDER API_URL TOKEN`.
const [, , folder = "", apiUrl = "", token = ""] = process.argv;
const many = 1_000_000;

await runBot(folder, (world) =>
  createTelegram(
    telegramSettings.parse({ TELEGRAM_TOKEN: token, TELEGRAM_API_URL: apiUrl }),
    token,
    world,
    // Its own pace would make an hour of this.
    {
      ...RATES,
      groupSendsPerMinute: many,
      privateSendsPerMinute: many,
      editsPerMinute: many,
      progressEditsPerMinute: many,
      progressEveryMs: 1000,
      carefulEveryMs: 0,
      callsPerSecond: many,
    },
  ),
);
