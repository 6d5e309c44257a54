import { once } from "node:events";
import { Client, Events, GatewayIntentBits, type Interaction } from "discord.js";
import { expect } from "vitest";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { openDiscordFake } from "./discord.ts";
import { nodesFetch } from "./discord-fetch.ts";

export const PNG = { name: "start.png", mime: "image/png", bytes: Uint8Array.from(tinyPng(16, 8, "x")) };
export const COMMANDS = [
  {
    name: "rca",
    description: "Draw",
    options: [
      { type: 3, name: "prompt", description: "What", required: true, max_length: 20 },
      { type: 4, name: "seed", description: "Seed", min_value: 0, max_value: 4_294_967_295 },
      { type: 10, name: "cfg", description: "Guidance", min_value: 1, max_value: 10 },
      { type: 3, name: "size", description: "Size", choices: [{ name: "Square", value: "square" }] },
      { type: 3, name: "style", description: "Style", autocomplete: true },
      { type: 5, name: "spoiler", description: "Hide" },
      { type: 6, name: "for", description: "For whom" },
      { type: 11, name: "image", description: "Start from" },
    ],
  },
  {
    name: "quota",
    description: "Allowance",
    options: [
      { type: 1, name: "show", description: "Show", options: [{ type: 8, name: "role", description: "Role" }] },
    ],
  },
  { name: "admin", description: "Settings", default_member_permissions: "32", contexts: [0] },
  { name: "Use this picture", type: 3 },
];

/** A group with two members and a bot of the real client, which does with interactions what the test says. */
export async function clientWorld() {
  const fake = await openDiscordFake();
  const group = fake.guild("Group");
  const failures: unknown[] = [];
  const bot = new Client({ intents: [GatewayIntentBits.Guilds], rest: { api: fake.apiUrl, makeRequest: nodesFetch } });
  const world = {
    fake,
    group,
    general: group.channel("general"),
    ann: group.member("ann"),
    bob: group.member("bob"),
    // After its login it is ready.
    client: bot as Client<true>,
    answer: async (_interaction: Interaction): Promise<unknown> => undefined,
    /** @throws when the bot failed or a referee complains */
    async close() {
      await bot.destroy();
      await fake.close();
      expect(failures).toEqual([]);
      fake.expectNoComplaints();
    },
  };
  bot.on(Events.InteractionCreate, (interaction) => {
    world.answer(interaction).catch((error: unknown) => failures.push(error));
  });
  const ready = once(bot, Events.ClientReady);
  await bot.login(fake.token);
  await ready;
  await world.client.application.commands.set(COMMANDS);
  return world;
}
export type ClientWorld = Awaited<ReturnType<typeof clientWorld>>;
