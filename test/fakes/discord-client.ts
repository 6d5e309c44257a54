import { once } from "node:events";
import { Client, Events, GatewayIntentBits } from "discord.js";
import type { DiscordFake } from "./discord.ts";
import { nodesFetch } from "./discord-fetch.ts";

export interface Listening {
  readonly client: Client;
  /** Ids of interactions that arrived. */
  readonly received: readonly string[];
}

/** Discord's own library, logged in at the fake. To be destroyed before the fake is closed. */
export async function logIn(fake: DiscordFake, options: Partial<Client["options"]> = {}): Promise<Listening> {
  const client = new Client({
    intents: [GatewayIntentBits.Guilds],
    ...options,
    rest: { api: fake.apiUrl, makeRequest: nodesFetch },
  });
  const received: string[] = [];
  client.on(Events.InteractionCreate, (interaction) => void received.push(interaction.id));
  client.on(Events.Error, () => undefined);
  const ready = once(client, Events.ClientReady);
  await client.login(fake.token);
  await ready;
  return { client, received };
}
