import { RATES, type Rates } from "../../adapters/telegram/limits.ts";
import { telegramSettings } from "../../adapters/telegram/settings.ts";
import { createTelegram } from "../../adapters/telegram.ts";
import { runBot } from "./bot-core.ts";

// With the real Telegram adapter: `node telegram-bot.ts FOLDER API_URL TOKEN [paced]`, and then at its real pace.
const [, , folder = "", apiUrl = "", token = "", pace = "hurried"] = process.argv;
const many = 1_000_000;
// Its own pace would make an hour of the kills.
const HURRIED: Rates = {
  ...RATES,
  groupSendsPerMinute: many,
  privateSendsPerMinute: many,
  chatSendsAtOnce: many,
  chatSendEveryMs: 0,
  editsPerMinute: many,
  progressEditsPerMinute: many,
  progressEveryMs: 1000,
  carefulEveryMs: 0,
  callsPerSecond: many,
};

await runBot(folder, (world) =>
  createTelegram(
    telegramSettings.parse({ TELEGRAM_TOKEN: token, TELEGRAM_API_URL: apiUrl }),
    token,
    world,
    pace === "paced" ? RATES : HURRIED,
  ),
);
