import { defineAdapter } from "../src/ports/module.ts";
import { discordSettings } from "./discord/settings.ts";

export const module = defineAdapter({
  name: "discord",
  packages: ["@discordjs/rest", "@discordjs/ws", "undici"],
  summary: "a bot in Discord servers: slash commands, buttons, forms, pictures edited in place",
  env: discordSettings,
  setup: {
    title: "Discord",
    why: "Members type /imagine in your Discord server and get their pictures there.",
    how: [
      "Open https://discord.com/developers/applications, press New Application and give it a name.",
      "Open its page Bot, press Reset Token, and copy the token.",
    ],
    ask: ["DISCORD_TOKEN"],
  },
  async create(settings, services) {
    if (settings.DISCORD_TOKEN === undefined) return undefined;
    const { createDiscord } = await import("./discord/adapter.ts");
    return createDiscord({ ...settings, DISCORD_TOKEN: settings.DISCORD_TOKEN }, services);
  },
  async inspect(settings, signal) {
    if (settings.DISCORD_TOKEN === undefined) return undefined;
    const { inspectDiscord } = await import("./discord/inspect.ts");
    return inspectDiscord(settings, signal);
  },
});
