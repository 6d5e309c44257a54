import { z } from "zod";

const listOf = (text: string): readonly string[] =>
  text
    .split(/[\s,]+/)
    .map((part) => part.trim())
    .filter((part) => part !== "");

/** What else stands on those pages and gets copied by mistake: the application's id, its public key, the client secret. */
const NO_TOKEN = /^\d{15,21}$|^[0-9a-f]{64}$|^[A-Za-z0-9_-]{32}$|\s/;
export const DISCORD_API_URL = "https://discord.com/api";

export const discordSettings = z.object({
  DISCORD_TOKEN: z
    .string()
    .transform((text) => text.replace(/^Bot\s+/i, ""))
    .refine(
      (text) => !NO_TOKEN.test(text),
      "this is no bot token. Copy it from the Developer Portal, page Bot, button Reset Token; the client secret and the public key are something else",
    )
    .optional()
    .describe("bot token from the Developer Portal, page Bot: turns Discord on"),
  DISCORD_API_URL: z
    .url({ protocol: /^https?$/, error: "must be an address such as https://discord.com/api, without a version" })
    .transform((text) => text.replace(/\/+$/, "").replace(/\/v\d+$/, ""))
    .default(DISCORD_API_URL)
    .describe("another server that speaks Discord's API: for tests and self-hosted servers"),
  DISCORD_GUILD_IDS: z
    .string()
    .default("")
    .transform(listOf)
    .refine(
      (ids) => ids.every((id) => /^\d{15,21}$/.test(id)),
      "must be server ids separated by commas: right-click a server, Copy Server ID (Developer Mode must be on)",
    )
    .describe("only in these servers, commands there at once, e.g. `1134…,1187…`; empty: everywhere"),
  DISCORD_SHARDS: z
    .string()
    .default("auto")
    .refine(
      (text) => text === "auto" || /^[1-9]\d{0,2}$/.test(text),
      "must be auto, or a number of gateway connections from 1 to 999",
    )
    .describe("gateway connections: auto, as many as Discord recommends, or a number"),
});
export type DiscordSettings = z.output<typeof discordSettings>;
