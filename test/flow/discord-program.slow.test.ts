import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { FakeMember } from "../fakes/discord/member.ts";
import type { FakeChannel } from "../fakes/discord/places.ts";
import { openDiscordFake } from "../fakes/discord.ts";
import { SOON } from "./discord-world.ts";
import { startProgram } from "./program.ts";

/**
 * `npm start` on a Discord that behaves: with every module of the program in one process, as at an operator's. What
 * one library does to another shows nowhere else.
 */
async function program() {
  const fake = await openDiscordFake();
  const guild = fake.guild("The Printers");
  const channel = guild.channel("posters");
  const folder = mkdtempSync(join(tmpdir(), "placard-program-"));
  onTestFinished(async () => {
    await fake.close();
    rmSync(folder, { recursive: true, force: true });
    fake.expectNoComplaints();
  });
  const { printed } = startProgram({
    DATA_DIR: folder,
    DISCORD_TOKEN: fake.token,
    DISCORD_API_URL: fake.apiUrl,
  });
  await expect.poll(printed, { ...SOON, timeout: 30_000 }).toContain("Discord: ready");
  return { ann: guild.member("ann", { permissions: ["ManageGuild"] }), channel, printed };
}

/** What a command says first: its message, or the title of its form. */
async function answerTo(member: FakeMember, channel: FakeChannel, command: string, values = {}): Promise<string> {
  const asked = await (await member.slash(channel, command, values)).acknowledged();
  const said = () => asked.modal?.title ?? (asked.reply?.loading ? undefined : asked.reply?.text);
  await expect.poll(said, SOON).toBeTruthy();
  return said() ?? "";
}

it("draws a picture and hands out its original", { timeout: 120_000 }, async () => {
  const { ann, channel, printed } = await program();
  const drawn = await (await ann.slash(channel, "rca", { prompt: "a red fox" })).acknowledged();
  await expect.poll(() => drawn.reply?.files.length, SOON).toBe(1);
  const original = await ann.press(drawn.reply!, "Original").acknowledged();
  await expect.poll(() => original.reply?.files[0]?.name, SOON).toBe("placard-1.png");
  expect(printed()).not.toMatch(/"level":"(error|warn)"/);
});

/** What commands that draw nothing cannot be sent without. */
const NEEDED: Readonly<Record<string, Readonly<Record<string, string>>>> = { caption: { text: "Rent strike" } };

it("answers every command there is", { timeout: 120_000 }, async () => {
  const { ann, channel, printed } = await program();
  const commands = ann.commands(channel).filter((name) => /^[a-z]+$/.test(name));
  expect(commands.length).toBeGreaterThan(15);
  const draws = ["imagine", "visual", "rca", "plain", "woodcut", "blueprint", "risograph", "chalk", "swiss"];
  for (const command of commands) {
    const values = draws.includes(command) ? { prompt: "a boat", size: "512x512" } : NEEDED[command];
    expect(await answerTo(ann, channel, command, values), command).not.toMatch(/broke/i);
  }
  expect(printed()).not.toContain('"level":"error"');
});
