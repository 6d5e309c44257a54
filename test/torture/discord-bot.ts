import { createDiscord } from "../../adapters/discord/adapter.ts";
import { runBot } from "./bot-core.ts";

// With the real Discord adapter: `node discord-bot.ts FOLDER API_URL TOKEN`.
const [, , folder = "", apiUrl = "", token = ""] = process.argv;

await runBot(folder, (world) =>
  createDiscord(
    { DISCORD_TOKEN: token, DISCORD_API_URL: apiUrl, DISCORD_GUILD_IDS: [], DISCORD_SHARDS: "auto" },
    world,
  ),
);
