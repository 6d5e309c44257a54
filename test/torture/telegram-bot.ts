import { RATES } from "../../adapters/telegram/limits.ts";
import { telegramSettings } from "../../adapters/telegram/settings.ts";
import { createTelegram } from "../../adapters/telegram.ts";
import { runBot } from "./bot-core.ts";
import { HURRIED } from "./hurried.ts";

// With the real Telegram adapter: `node telegram-bot.ts FOLDER API_URL TOKEN [paced]`, and then at its real pace.
const [, , folder = "", apiUrl = "", token = "", pace = "hurried"] = process.argv;
await runBot(folder, (world) =>
  createTelegram(
    telegramSettings.parse({ TELEGRAM_TOKEN: token, TELEGRAM_API_URL: apiUrl }),
    token,
    world,
    pace === "paced" ? RATES : HURRIED,
  ),
);
