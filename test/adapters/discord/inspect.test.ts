import { describe, expect, it, onTestFinished } from "vitest";
import { inspectDiscord as inspect } from "../../../adapters/discord/inspect.ts";
import type { DiscordSettings } from "../../../adapters/discord/settings.ts";
import { type DiscordFake, openDiscordFake } from "../../fakes/discord.ts";
import { serve } from "./rig.ts";

/** Of settings that turn Discord on. */
const inspectDiscord = async (...asked: Parameters<typeof inspect>) => (await inspect(...asked))!;
const NEVER = new AbortController().signal;
const settingsFor = (fake: DiscordFake, parts: Partial<DiscordSettings> = {}): DiscordSettings => ({
  DISCORD_TOKEN: fake.token,
  DISCORD_API_URL: fake.apiUrl,
  DISCORD_GUILD_IDS: [],
  DISCORD_SHARDS: "auto",
  ...parts,
});

describe("looking at Discord", () => {
  it("finds all well, and changes nothing", async () => {
    const { fake } = await serve();
    const found = await inspectDiscord(settingsFor(fake), NEVER);
    expect(found).toMatchObject({ ok: true, nextSteps: [] });
    expect(found.facts.join("\n")).toMatch(
      /it is @placard's[\s\S]*in 1 server[\s\S]*of 1000; Discord recommends one connection[\s\S]*No commands are registered yet[\s\S]*oauth2\/authorize\?client_id=\d+&scope=bot\+applications.commands&permissions=\d+/,
    );
    expect(fake.calls.every(({ method }) => method === "GET")).toBe(true);
  });
  it("stays off without a token", async () => {
    const { fake } = await serve();
    const { DISCORD_TOKEN: _none, ...rest } = settingsFor(fake);
    expect(await inspect(rest, NEVER)).toBeUndefined();
    expect(fake.calls).toEqual([]);
  });
  it("names the page where a new token is made, and never the token", async () => {
    const { fake } = await serve();
    const found = await inspectDiscord(settingsFor(fake, { DISCORD_TOKEN: "wrong-token" }), NEVER);
    expect(found.ok).toBe(false);
    expect(found.nextSteps.join()).toContain("Reset Token");
    expect(JSON.stringify(found)).not.toContain("wrong-token");
  });
  it("says what to do with a bot in no server", async () => {
    const fake = await openDiscordFake();
    onTestFinished(() => fake.close());
    const found = await inspectDiscord(settingsFor(fake), NEVER);
    expect(found).toMatchObject({ ok: false, nextSteps: [expect.stringContaining("Add the bot to your server")] });
  });
  it("finds servers that were named and do not have the bot", async () => {
    const { fake, guild } = await serve();
    const found = await inspectDiscord(
      settingsFor(fake, { DISCORD_GUILD_IDS: [guild.id, "123456789012345678"] }),
      NEVER,
    );
    expect(found.ok).toBe(false);
    expect(found.nextSteps.join()).toMatch(/Add the bot to server 123456789012345678/);
    expect(found.nextSteps).toHaveLength(1);
  });
  it("finds too few connections", async () => {
    const { fake } = await serve({ shards: 4 });
    expect(await inspectDiscord(settingsFor(fake, { DISCORD_SHARDS: "2" }), NEVER)).toMatchObject({
      ok: false,
      nextSteps: [expect.stringContaining("set it to auto")],
    });
  });
  it.each<[string, Parameters<DiscordFake["fails"]>[0]["fault"], string]>([
    ["an outage", { kind: "status", status: 503 }, "cannot be reached"],
    ["a long rate limit", { kind: "rate_limited", retryAfterMs: 60_000, scope: "user" }, "slow down"],
    ["somebody else's page", { kind: "html", status: 200 }, "cannot be reached"],
  ])("tells %s, and does not throw", async (_what, fault, said) => {
    const { fake } = await serve();
    fake.fails({ on: "*", fault });
    const found = await inspectDiscord(settingsFor(fake), NEVER);
    expect(found.ok).toBe(false);
    expect(found.facts.join()).toContain(said);
    expect(found.nextSteps.length).toBeGreaterThan(0);
  });
  it("ends when it is told to", async () => {
    const { fake } = await serve();
    fake.fails({ on: "*", fault: { kind: "hang" } });
    const stop = new AbortController();
    const found = inspectDiscord(settingsFor(fake), stop.signal);
    stop.abort();
    expect((await found).ok).toBe(false);
  });
});
