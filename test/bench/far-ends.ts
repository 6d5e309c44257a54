import { openFakeComfyui } from "../fakes/comfyui.ts";
import { openDiscordFake } from "../fakes/discord.ts";
import { noisyPng } from "../fakes/noisy-png.ts";
import { openTelegramFake } from "../fakes/telegram.ts";

// Discord and Telegram with members, and ComfyUI on ten machines, in a process of their own: what they hold is not
// Placard's. Ends with its parent.
export type FarEndsOrder = { readonly pictures: number };
export type FarEndsAnswer =
  | { readonly op: "ready"; readonly settings: Readonly<Record<string, string>> }
  /** All that were ordered are seen by those who asked. */
  | { readonly op: "shown" };

const HOSTS = 10;
const STEP_MS = 100;
const SIDE_PX = 1024;
const MEMBERS = 25;
const LOOK_EVERY_MS = 20;

const picture = await noisyPng(SIDE_PX, SIDE_PX);
const hosts = await Promise.all(Array.from({ length: HOSTS }, () => openFakeComfyui({ picture: () => picture })));
for (const { pace } of hosts) pace.stepMs = STEP_MS;

const discord = await openDiscordFake();
const guild = discord.guild("Bench");
const channel = guild.channel("posters");
const people = Array.from({ length: MEMBERS }, (_, at) => guild.member(`m${at}`));

const telegram = await openTelegramFake({ flood: "off" });
// A group each: what Telegram lets a bot send to one group in a minute is not to be measured.
const groups = Array.from({ length: MEMBERS }, (_, at) => {
  const member = telegram.person(`M${at}`);
  const group = telegram.supergroup(`G${at}`, { members: [member] });
  return { group, seat: member.in(group) };
});

const shown = (): number =>
  channel.messages.filter(({ files }) => files.length > 0).length +
  groups.flatMap(({ group }) => group.history().filter(({ kind, fromBot }) => fromBot && kind === "photo")).length;

let asked = 0;
/** One of two on Discord, the others on Telegram, each by the next member. */
async function ask(): Promise<void> {
  asked += 1;
  const at = Math.floor(asked / 2) % MEMBERS;
  if (asked % 2 === 0) groups[at]?.seat.say(`/rca a red fox seed:${asked} size:${SIDE_PX}x${SIDE_PX}`);
  else
    await people[at]?.slash(channel, "rca", { prompt: "a red fox", seed: `${asked}`, size: `${SIDE_PX}x${SIDE_PX}` });
}

const say = (answer: FarEndsAnswer): void => void process.send?.(answer);

process.on("message", async ({ pictures }: FarEndsOrder) => {
  const until = shown() + pictures;
  await Promise.all(Array.from({ length: pictures }, ask));
  while (shown() < until) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  say({ op: "shown" });
});
process.on("disconnect", () => process.exit());
say({
  op: "ready",
  settings: {
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.apiUrl,
    TELEGRAM_TOKEN: telegram.token,
    TELEGRAM_API_URL: telegram.url,
    COMFYUI_URL: hosts.map(({ url }) => url).join(","),
  },
});
