import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDiscordFake } from "../fakes/discord.ts";
import { killBot, startBot } from "../torture/bot-process.ts";
import { quantile } from "./core.ts";

export interface DiscordAcknowledgement {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly worstMs: number;
  /** The slowest of the first burst after the start, while both programs are being compiled. Not in the other figures. */
  readonly coldMs: number;
}

/**
 * From a member's command to Discord's receipt of the acknowledgement: `atOnce` commands in one burst, `bursts` times after
 * one to warm up, with the real adapter and core in a process of their own. The fake's own work, with its referees, is in
 * the figures.
 */
export async function discordAcknowledgement(atOnce: number, bursts: number): Promise<DiscordAcknowledgement> {
  const folder = await mkdtemp(join(tmpdir(), "placard-bench-discord-"));
  const fake = await openDiscordFake();
  try {
    const guild = fake.guild("Bench");
    const channel = guild.channel("posters");
    const people = Array.from({ length: 20 }, (_, at) => guild.member(`m${at}`));
    const bot = await startBot("discord-bot.ts", [folder, fake.apiUrl, fake.token], () => {});
    for (let burst = 0; burst <= bursts; burst += 1) {
      const played = await Promise.all(
        Array.from({ length: atOnce }, (_, at) =>
          people[at % people.length]!.slash(channel, "rca", {
            prompt: `a red fox ${burst} ${at}`,
            seed: `${burst * 1000 + at}`,
          }),
        ),
      );
      await Promise.all(played.map((each) => each.acknowledged(20_000)));
    }
    await killBot(bot);
    const tookMs = fake.ackMs.slice(atOnce);
    if (tookMs.length !== atOnce * bursts) throw new Error(`${tookMs.length} acknowledgements of ${atOnce * bursts}`);
    return {
      p50Ms: quantile(tookMs, 0.5),
      p99Ms: quantile(tookMs, 0.99),
      worstMs: Math.max(...tookMs),
      coldMs: Math.max(...fake.ackMs.slice(0, atOnce)),
    };
  } finally {
    await fake.close();
    await rm(folder, { recursive: true, force: true });
  }
}
