import type { PlayedInteraction } from "../../fakes/discord/played.ts";
import type { SeenMessage } from "../../fakes/discord/seen.ts";
import { type DiscordFake, openDiscordFake } from "../../fakes/discord.ts";
import { MEMBERS, seedOf } from "../wire.ts";
import { type Chat, endsAmong, promptOf, seenIn } from "./chat.ts";

const LATE_MS = [100, 200, 300];

/** A platform that knows a post again, by its nonce. One answer in ten is late, and two in a hundred posts are refused. */
export async function openDiscord(seed: number): Promise<DiscordFake> {
  const fake = await openDiscordFake({ seed });
  for (const delayMs of LATE_MS)
    fake.fails({ on: "*", fault: { kind: "delay", delayMs }, when: "applied", probability: 0.1 / LATE_MS.length });
  fake.fails({
    on: ["create_message", "update_message", "update_original_webhook_message"],
    fault: { kind: "status", status: 503 },
    probability: 0.02,
  });
  return fake;
}

export function discordChat(fake: DiscordFake): Chat {
  const guild = fake.guild("G");
  const channel = guild.channel("c");
  const people = Array.from({ length: MEMBERS }, (_, at) => guild.member(`m${at}`));
  const typed = new Map<number, PlayedInteraction>();
  const ended = endsAmong(fake.calls, ({ applied, status, body }) => {
    if (applied) return JSON.stringify(body) ?? "";
    return status === undefined ? undefined : "";
  });
  const personOf = (update: number) => {
    const person = people[update % MEMBERS];
    if (!person) throw new Error("nobody is there");
    return person;
  };
  return {
    platform: "discord",
    async say(update) {
      const values = { prompt: promptOf(update), seed: String(seedOf(update)) };
      typed.set(update, await personOf(update).slash(channel, "rca", values));
    },
    ended,
    seen: () =>
      seenIn(
        channel.messages.map((message) => ({
          versions: fake.versions(message).map(endingOf),
          deleted: message.deleted,
        })),
      ),
    isConfirmed: (update) => typed.get(update)?.ackMs !== undefined,
    // Typed while no session was there, or not answered in time.
    isUnheard: (update) => typed.get(update)?.failed === true,
    isOpen: () => fake.commands().length > 0,
    memberIdOf: (update) => `discord:${personOf(update).id}`,
    get complaints() {
      return fake.complaints;
    },
  };
}

const endingOf = ({ text, buttons }: SeenMessage) => ({ text, labels: buttons.map(({ label }) => label) });
