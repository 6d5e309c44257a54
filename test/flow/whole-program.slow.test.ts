import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { openFakeComfyui } from "../fakes/comfyui.ts";
import { openDiscordFake } from "../fakes/discord.ts";
import { openGradio } from "../fakes/gradio.ts";
import { openFakeHorde } from "../fakes/horde.ts";
import { openTelegramFake } from "../fakes/telegram.ts";
import { openFakeWebui } from "../fakes/webui.ts";
import { SOON } from "./discord-world.ts";
import { startProgram } from "./program.ts";

const PASSWORD = "canary-password";
const HORDE_KEY = "canary0123456789abcdef";
const HUB_TOKEN = "hf_canary0123456789abcdef";

/** A style for each place: its LoRA is nowhere else. */
const style = (id: string, lora: object) => ({ id, title: id, lora, defaults: { width: 512, height: 512, steps: 4 } });
const STYLES = {
  styles: [
    style("graph", { comfyui: "RCA_v2" }),
    style("forge", { webui: "rca" }),
    style("crowd", { horde: "12345" }),
    style("gallery", { space: "RCA" }),
  ],
};

/** `npm start` with every platform and four kinds of far ends at once. */
async function wholeProgram() {
  const folder = mkdtempSync(join(tmpdir(), "placard-whole-"));
  const discord = await openDiscordFake();
  const telegram = await openTelegramFake({ flood: "off" });
  const comfyui = await openFakeComfyui({
    authorization: `Basic ${Buffer.from(`ann:${PASSWORD}`).toString("base64")}`,
  });
  const webui = await openFakeWebui({ flavour: "forge" });
  const horde = await openFakeHorde(HORDE_KEY);
  const space = await openGradio();
  const guild = discord.guild("The Printers");
  const channel = guild.channel("posters");
  const ada = telegram.person("Ada");
  const group = telegram.supergroup("Rent strike", { members: [ada] });
  writeFileSync(join(folder, "styles.json"), JSON.stringify(STYLES));
  onTestFinished(async () => {
    await Promise.all([discord, telegram, comfyui, webui, horde, space].map((fake) => fake.close()));
    rmSync(folder, { recursive: true, force: true });
    discord.expectNoComplaints();
    telegram.expectNoComplaints();
  });
  const { printed } = startProgram({
    DATA_DIR: join(folder, "data"),
    STYLES_FILE: join(folder, "styles.json"),
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.apiUrl,
    TELEGRAM_TOKEN: telegram.token,
    TELEGRAM_API_URL: telegram.url,
    COMFYUI_URL: comfyui.url.replace("://", `://ann:${PASSWORD}@`),
    WEBUI_URL: webui.url,
    HORDE_API_KEY: HORDE_KEY,
    HORDE_URL: `${horde.url}/api/v2`,
    HF_SPACE: space.url,
    HF_TOKEN: HUB_TOKEN,
  });
  await expect.poll(printed, { ...SOON, timeout: 30_000 }).toMatch(/web chat: http/);
  return {
    ann: guild.member("ann"),
    channel,
    seat: ada.in(group),
    printed,
    secrets: [discord.token, telegram.token],
  };
}

it("makes a picture at every place and shows it on Discord and Telegram, in one process", {
  timeout: 120_000,
}, async () => {
  const { ann, channel, seat, printed, secrets } = await wholeProgram();
  for (const { id, lora } of STYLES.styles) {
    const [place] = Object.keys(lora);
    const drawn = await (await ann.slash(channel, id, { prompt: `a canary for ${id}` })).acknowledged();
    await expect.poll(() => drawn.reply?.files.length, { ...SOON, message: `${place} on Discord` }).toBe(1);
    seat.say(`/${id} a canary for ${id}`);
    await expect.poll(() => seat.last()?.kind, { ...SOON, message: `${place} on Telegram` }).toBe("photo");
    // The newest photo may still be that of the place before.
    const done = () => printed().match(new RegExp(`"backend":"${place}".*job.done`, "g"))?.length;
    await expect.poll(done, { ...SOON, message: `${place}, twice` }).toBe(2);
  }
  expect(printed()).not.toMatch(/"level":"(error|warn)"/);
  for (const secret of ["canary", ...secrets]) expect(printed()).not.toContain(secret);
});
