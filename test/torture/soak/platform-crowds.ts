import { openDiscordFake } from "../../fakes/discord.ts";
import { openTelegramFake } from "../../fakes/telegram.ts";
import { textOfCrowd } from "./words.ts";

const MEMBERS = 6;
const OTHER = ["help", "queue", "quota", "styles", "history"] as const;

/** Members of a Discord server, and of a few groups at Telegram: each does one thing at a time. */
export async function openPlatformCrowds(chance: () => number, seed: number) {
  const discord = await openDiscordFake({ seed });
  const telegram = await openTelegramFake({ flood: "off", seed });
  const guild = discord.guild("The Printers");
  const channels = Array.from({ length: 3 }, (_, at) => guild.channel(`posters-${at}`));
  const members = Array.from({ length: MEMBERS }, (_, at) => guild.member(`m${at}`));
  const people = Array.from({ length: MEMBERS }, (_, at) => telegram.person(`P${at}`));
  const groups = Array.from({ length: 3 }, (_, at) => telegram.supergroup(`T${at}`, { members: people }));
  const pick = <T>(list: readonly T[]): T => {
    const found = list[Math.floor(chance() * list.length)];
    if (found === undefined) throw new Error("nobody is there");
    return found;
  };
  const prompt = () => textOfCrowd(chance).slice(0, 300);

  return {
    discord,
    telegram,
    letTimePass(byMs: number): void {
      discord.clock.setAheadMs(byMs);
      telegram.clock.setAheadMs(byMs);
    },
    async onDiscord(): Promise<void> {
      const member = pick(members);
      if (chance() < 0.4) await member.slash(pick(channels), "rca", { prompt: prompt() });
      else await member.slash(pick(channels), pick(OTHER), {});
    },
    onTelegram(): void {
      const seat = pick(people).in(pick(groups));
      const what = chance();
      if (what < 0.4) seat.say(prompt());
      else seat.say(what < 0.7 ? `/rca ${prompt()}` : `/${pick(OTHER)}`);
    },
    async close(): Promise<void> {
      await discord.close();
      await telegram.close();
    },
  };
}
