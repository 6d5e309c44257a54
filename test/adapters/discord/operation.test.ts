import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { createGuilds } from "../../../adapters/discord/guilds.ts";
import { createBudget } from "../../../adapters/discord/http.ts";
import { inviteLink } from "../../../adapters/discord/invite.ts";
import { INVALID_REQUESTS, UPLOAD } from "../../../adapters/discord/limits.ts";
import { createPresence, presenceText } from "../../../adapters/discord/presence.ts";
import { createSessions } from "../../../adapters/discord/sessions.ts";
import { discordSettings } from "../../../adapters/discord/settings.ts";
import { createUnwritableChannels } from "../../../adapters/discord/unwritable-channels.ts";
import { module } from "../../../adapters/discord.ts";
import { readSettings } from "../../../src/app/settings.ts";
import type { ModuleValues } from "../../../src/ports/module.ts";
import { PERMISSIONS } from "../../fakes/discord/limits.ts";
import { moduleServices, valuesInMemory } from "../../fakes/module-services.ts";
import { noted, SOON } from "./rig.ts";

describe("settings", () => {
  const TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.abcdefghijklmnopqrstuvwxyz0123456789AB";
  const read = (env: Readonly<Record<string, string>>) => readSettings("discord", discordSettings, env);

  it("have defaults for all but the token", () => {
    expect(read({})).toEqual({
      DISCORD_API_URL: "https://discord.com/api",
      DISCORD_GUILD_IDS: [],
      DISCORD_SHARDS: "auto",
    });
  });
  it("leave Discord off without a token, and on with one", async () => {
    expect(await module.create(read({}), moduleServices())).toBeUndefined();
    expect((await module.create(read({ DISCORD_TOKEN: TOKEN }), moduleServices()))?.platform).toBe("discord");
  });
  it("forgive what people paste", () => {
    const settings = read({
      DISCORD_TOKEN: `Bot ${TOKEN}`,
      DISCORD_API_URL: "https://chat.example/api/v10/",
      DISCORD_GUILD_IDS: "123456789012345678, 223456789012345678",
    });
    expect(settings).toMatchObject({
      DISCORD_TOKEN: TOKEN,
      DISCORD_API_URL: "https://chat.example/api",
      DISCORD_GUILD_IDS: ["123456789012345678", "223456789012345678"],
    });
  });
  it.each([
    ["the application id as a token", { DISCORD_TOKEN: "123456789012345678" }, "DISCORD_TOKEN: this is no bot token"],
    ["the public key as a token", { DISCORD_TOKEN: "ab12".repeat(16) }, "page Bot"],
    ["the client secret as a token", { DISCORD_TOKEN: "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6" }, "client secret"],
    ["a server by its name", { DISCORD_GUILD_IDS: "printers" }, "Copy Server ID"],
    ["shards that are no number", { DISCORD_SHARDS: "many" }, "DISCORD_SHARDS: must be auto"],
    ["no shards", { DISCORD_SHARDS: "0" }, "DISCORD_SHARDS"],
    ["an address that is none", { DISCORD_API_URL: "discord" }, "DISCORD_API_URL"],
  ])("refuse %s, with what to do, never with the value", (_what, env, said) => {
    expect(() => read(env)).toThrow(said);
    for (const value of Object.values(env)) if (value.length > 20) expect(() => read(env)).not.toThrow(value);
  });
});

describe("the invite link", () => {
  it("asks for exactly what is needed", () => {
    const url = new URL(inviteLink("123"));
    expect(url.searchParams.get("client_id")).toBe("123");
    expect(url.searchParams.get("scope")).toBe("bot applications.commands");
    const asked = BigInt(url.searchParams.get("permissions") ?? 0);
    const names = Object.entries(PERMISSIONS).flatMap(([name, bit]) => ((asked & bit) === 0n ? [] : [name]));
    expect(names).toEqual([
      "ViewChannel",
      "SendMessages",
      "EmbedLinks",
      "AttachFiles",
      "ReadMessageHistory",
      "SendMessagesInThreads",
    ]);
    expect(names.reduce((sum, name) => sum + PERMISSIONS[name as keyof typeof PERMISSIONS], 0n)).toBe(asked);
  });
});

describe("the budget of refused requests", () => {
  it("stops at half of what Discord allows, says so once, and goes on when it has forgotten", () => {
    let nowMs = 1000;
    const log = noted();
    const budget = createBudget(() => nowMs, log);
    const { stopAt, windowMs } = INVALID_REQUESTS;
    for (let count = 1; count < stopAt; count += 1) budget.note(403, undefined);
    budget.check();
    budget.note(429, "shared");
    budget.note(500, undefined);
    budget.check();
    budget.note(401, undefined);
    expect(() => budget.check()).toThrow(expect.objectContaining({ code: "rate_limited", retryAfterMs: windowMs }));
    budget.note(429, "user");
    expect(log.lines.filter((line) => line.includes("refused_too_often"))).toHaveLength(1);
    nowMs += windowMs;
    budget.check();
  });
});

describe("channels that let nobody write", () => {
  it("are asked again after a while, said once, and given up after a day", () => {
    let nowMs = 0;
    const log = noted();
    const closed = createUnwritableChannels(() => nowMs, log);
    expect(closed.now("c1")).toBeUndefined();
    expect(closed.refused("c1")).toMatchObject({ code: "offline", retryAfterMs: 600_000 });
    expect(closed.now("c1")).toMatchObject({ code: "offline" });
    expect(closed.now("c2")).toBeUndefined();
    nowMs = 600_000;
    expect(closed.now("c1")).toBeUndefined();
    closed.refused("c1");
    expect(log.lines).toHaveLength(1);
    expect(log.lines[0]).toContain("Send Messages");
    nowMs = 25 * 3_600_000;
    expect(closed.refused("c1")).toMatchObject({ code: "gone" });
    closed.opened("c1");
    expect(closed.refused("c1")).toMatchObject({ code: "offline" });
  });
});

describe("the presence", () => {
  it.each([
    [0, "Nobody is waiting · /help"],
    [1, "1 picture in the queue"],
    [12, "12 pictures in the queue"],
  ])("tells %i waiting pictures", (waiting, words) => expect(presenceText(waiting, "en")).toBe(words));

  it("speaks only when something changed", async () => {
    let waiting = 2;
    const shown: string[] = [];
    const presence = createPresence({
      events: { queueLength: async () => waiting, language: async () => "en" },
      show: ({ activities }) => void shown.push(activities?.[0]?.state ?? ""),
      everyMs: 5,
    });
    presence.start();
    await expect.poll(() => shown, SOON).toEqual(["2 pictures in the queue"]);
    waiting = 1;
    await expect.poll(() => shown, SOON).toEqual(["2 pictures in the queue", "1 picture in the queue"]);
    presence.again();
    await expect.poll(() => shown.length, SOON).toBe(3);
    presence.stop();
  });
});

describe("kept sessions", () => {
  const session = { sessionId: "s", sequence: 10, shardId: 0, shardCount: 1, resumeURL: "wss://x" };
  const open = (values = valuesInMemory(), token = "t", nowMs = () => 1000) =>
    createSessions({ values, token, nowMs, failed: (error) => expect.fail(String(error)) });

  it("are there for the next process of the same bot, for some minutes", async () => {
    const values = valuesInMemory();
    const sessions = open(values);
    sessions.update(0, session);
    await sessions.flush();
    expect(await open(values).retrieve(0)).toEqual(session);
    expect(await open(values, "another token").retrieve(0)).toBeNull();
    expect(await open(values, "t", () => 1000 + 11 * 60_000).retrieve(0)).toBeNull();
    expect(await open(values).retrieve(1)).toBeNull();
  });
  it("are written as soon as there is one", async () => {
    const values = valuesInMemory();
    open(values).update(0, session);
    await new Promise(setImmediate);
    expect(await values("session", z.unknown()).get("0")).toMatchObject({ sequence: 10 });
  });
  it("begin before what is still being worked on", async () => {
    const values = valuesInMemory();
    const sessions = open(values);
    sessions.begun(0, 8);
    sessions.begun(0, 10);
    sessions.update(0, session);
    await sessions.flush();
    expect(await open(values).retrieve(0)).toMatchObject({ sequence: 7 });
    sessions.ended(0, 8);
    await sessions.flush();
    expect(await open(values).retrieve(0)).toMatchObject({ sequence: 9 });
    sessions.ended(0, 10);
    await sessions.flush();
    expect(await open(values).retrieve(0)).toMatchObject({ sequence: 10 });
  });
  it("stand before an event that was counted and not yet handed over", async () => {
    const values = valuesInMemory();
    const sessions = open(values);
    sessions.update(0, session);
    sessions.update(0, { ...session, sequence: 12 });
    await sessions.flush();
    expect(await open(values).retrieve(0)).toMatchObject({ sequence: 10 });
    sessions.seen(0, 12);
    await sessions.flush();
    expect(await open(values).retrieve(0)).toMatchObject({ sequence: 12 });
  });
  it("are forgotten when Discord calls them invalid, and not when we leave", async () => {
    const values = valuesInMemory();
    const sessions = open(values);
    expect(await sessions.retrieve(0)).toBeNull();
    sessions.update(0, session);
    await sessions.flush();
    sessions.update(0, null);
    // The disk still has it; what was called invalid must not come back from there.
    expect(await sessions.retrieve(0)).toBeNull();
    await sessions.flush();
    expect(await open(values).retrieve(0)).toBeNull();
    sessions.update(0, session);
    sessions.keep();
    sessions.update(0, null);
    await sessions.flush();
    expect(await open(values).retrieve(0)).toEqual(session);
  });
  it("do not mind what else stands there", async () => {
    const values = valuesInMemory();
    await values("session", z.unknown()).set("0", "no session");
    expect(await open(values).retrieve(0)).toBeNull();
  });
});

describe("what is known of servers", () => {
  const guild = { id: "1", roles: [{ id: "10", name: "Printers" }], channels: [{ id: "20", name: "posters" }] };
  const facts = {
    interactionId: "1",
    applicationId: "2",
    token: "t",
    origin: "command" as const,
    inThread: false,
    channelId: "20",
    guildId: "1",
  };

  it("is learnt from events and outlives the process", async () => {
    const values = valuesInMemory();
    const guilds = createGuilds(values);
    await guilds.took("GUILD_CREATE", guild);
    await guilds.took("GUILD_ROLE_UPDATE", { guild_id: "1", role: { id: "10", name: "Stewards" } });
    await guilds.took("CHANNEL_UPDATE", { id: "21", guild_id: "1", name: "banners" });
    await guilds.told(facts);
    const next = createGuilds(values);
    expect(next.role("1", "10")).toBeUndefined();
    await next.load("1");
    expect(next.role("1", "10")).toBe("Stewards");
    expect(next.channel("1", "20")).toBe("posters");
    expect(next.channel("1", "21")).toBe("banners");
    await next.took("GUILD_ROLE_DELETE", { guild_id: "1", role_id: "10" });
    await next.took("CHANNEL_DELETE", { id: "21", guild_id: "1" });
    expect(next.role("1", "10")).toBeUndefined();
    expect(next.channel("1", "21")).toBeUndefined();
  });
  it("is written when somebody is there, and only when it changed", async () => {
    const values = valuesInMemory();
    const set = vi.fn();
    const noting: ModuleValues = (kind, schema) => {
      const own = values(kind, schema);
      return {
        ...own,
        async set(key, value) {
          set();
          await own.set(key, value);
        },
      };
    };
    const guilds = createGuilds(noting);
    await guilds.took("GUILD_CREATE", guild);
    expect(set).not.toHaveBeenCalled();
    for (let times = 0; times < 3; times += 1) {
      await guilds.told({ ...facts, uploadMaxBytes: 5 });
      await guilds.took("GUILD_CREATE", guild);
    }
    expect(set).toHaveBeenCalledTimes(1);
    await createGuilds(noting).told({ ...facts, uploadMaxBytes: 5 });
    expect(set).toHaveBeenCalledTimes(1);
  });
  it("tells how large a file may be: here, else in this server, else anywhere", async () => {
    const guilds = createGuilds(valuesInMemory());
    expect(await guilds.uploadMaxBytes("20", "1")).toBe(UPLOAD.fileMaxBytes);
    await guilds.told({ ...facts, uploadMaxBytes: 500_000_000 });
    expect(await guilds.uploadMaxBytes("20", "1")).toBe(UPLOAD.requestMaxBytes);
    await guilds.told({ ...facts, channelId: "21", uploadMaxBytes: 5_000_000 });
    expect(await guilds.uploadMaxBytes("21", "1")).toBe(5_000_000);
    expect(await guilds.uploadMaxBytes("22", "1")).toBe(5_000_000);
    expect(await guilds.uploadMaxBytes("22", undefined)).toBe(UPLOAD.fileMaxBytes);
  });
  it("goes when the bot is thrown out, not in an outage", async () => {
    const values = valuesInMemory();
    const guilds = createGuilds(values);
    await guilds.took("GUILD_CREATE", guild);
    await guilds.told(facts);
    expect(await values("guild", z.unknown()).get("1")).toMatchObject({ roles: { "10": "Printers" } });
    await guilds.took("GUILD_DELETE", { id: "1", unavailable: true });
    expect(guilds.role("1", "10")).toBe("Printers");
    await guilds.took("GUILD_DELETE", { id: "1" });
    expect(guilds.role("1", "10")).toBeUndefined();
    expect(await values("guild", z.unknown()).get("1")).toBeUndefined();
  });
  it.each([
    "GUILD_CREATE",
    "GUILD_ROLE_CREATE",
    "GUILD_ROLE_DELETE",
    "CHANNEL_CREATE",
    "GUILD_DELETE",
    "SOMETHING_NEW",
  ])("survives a strange %s", async (event) => {
    const guilds = createGuilds(valuesInMemory());
    for (const data of [undefined, null, "x", [], { id: 1 }, { roles: "x" }]) await guilds.took(event, data);
  });
});
