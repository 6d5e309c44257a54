import { spawn } from "node:child_process";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import type { FakeMember } from "./discord/member.ts";
import type { FakeChannel } from "./discord/places.ts";
import { type DiscordFake, openDiscordFake } from "./discord.ts";
import { logIn } from "./discord-client.ts";
import { rawBot } from "./discord-rig.ts";

/** The machine may be busy: what is awaited comes when it comes. */
const PATIENT = { timeout: 15_000 };

let fake: DiscordFake;
let general: FakeChannel;
let ann: FakeMember;

// Beats so often that silence is noticed soon.
beforeEach(async () => {
  fake = await openDiscordFake({ heartbeatIntervalMs: 500 });
  onTestFinished(async () => {
    await fake.close();
    fake.expectNoComplaints();
  });
  const group = fake.guild("Group");
  general = group.channel("general");
  ann = group.member("ann");
  await rawBot(fake)("PUT", `/applications/${fake.applicationId}/commands`, [{ name: "rca", description: "Draw" }]);
});
const isOpen = () => fake.gateway.sessions.some((session) => session.open);

// The library waits five seconds between two logins, and half a second before it connects again, by the system's clock.
describe("discord.js at the gateway", () => {
  it("beats, and notices a connection that is dead without having been closed", async () => {
    const { client } = await logIn(fake);
    onTestFinished(() => client.destroy());
    await expect.poll(() => fake.gateway.heartbeats, PATIENT).toBeGreaterThan(1);
    fake.gateway.deaf = true;
    await expect.poll(() => fake.gateway.closes.length, PATIENT).toBeGreaterThan(0);
    fake.gateway.deaf = false;
    await expect.poll(() => fake.gateway.resumes.length, PATIENT).toBeGreaterThan(0);
  });

  it.each([
    ["the connection breaks", () => fake.gateway.kill()],
    ["op 7 asks it to", () => fake.gateway.reconnect()],
    ["it is closed with 4000", () => fake.gateway.close(4000)],
  ])("resumes when %s, and hears what it missed", async (_why, breaks) => {
    const { client, received } = await logIn(fake);
    onTestFinished(() => client.destroy());
    fake.gateway.down = true;
    breaks();
    await fake.until(() => !isOpen());
    const missed = await ann.slash(general, "rca");
    expect(missed.delivered).toBe(false);
    fake.gateway.down = false;
    await expect.poll(() => received, PATIENT).toEqual([missed.id]);
    expect(missed.delivered).toBe(true);
    expect(fake.gateway.identifies).toHaveLength(1);
    expect(fake.gateway.resumes).toMatchObject([{ sessionId: "session1" }]);
    expect(fake.gateway.resumes[0]!.replayed).toBeGreaterThan(0);
  });

  it("loses what happened meanwhile when op 9 ends the session", async () => {
    const { client, received } = await logIn(fake);
    onTestFinished(() => client.destroy());
    fake.gateway.down = true;
    fake.gateway.invalidate();
    await fake.until(() => !isOpen());
    const lost = await ann.slash(general, "rca");
    fake.gateway.down = false;
    await expect.poll(() => fake.gateway.identifies.length, PATIENT).toBe(2);
    await expect.poll(isOpen, PATIENT).toBe(true);
    const next = await ann.slash(general, "rca");
    await expect.poll(() => received, PATIENT).toEqual([next.id]);
    expect(lost.delivered).toBe(false);
  });
});

describe("a bot in a process of its own", () => {
  it("talks to the fake by its address, and leaves a session that nobody answers for when it is killed", {
    timeout: 60_000,
  }, async () => {
    const program = `
      import { Client } from "discord.js";
      const client = new Client({ intents: [1], rest: { api: process.env.DISCORD_API_URL } });
      client.on("interactionCreate", (interaction) => interaction.reply("from a child"));
      client.login(process.env.DISCORD_TOKEN);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
      env: { PATH: process.env["PATH"], DISCORD_API_URL: fake.apiUrl, DISCORD_TOKEN: fake.token },
      stdio: "ignore",
    });
    await fake.until(isOpen, 40_000);
    const drawn = await ann.slash(general, "rca");
    await drawn.acknowledged();
    expect(drawn.reply?.text).toBe("from a child");
    child.kill("SIGKILL");
    await fake.until(() => !isOpen());
    const unacknowledged = await ann.slash(general, "rca");
    expect(unacknowledged.delivered).toBe(false);
    fake.clock.advanceMs(3_001);
    expect(unacknowledged.failed).toBe(true);
    expect(fake.gateway.closes).toEqual([1006]);
  });
});
