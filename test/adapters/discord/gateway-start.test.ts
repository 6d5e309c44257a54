import { describe, expect, it } from "vitest";
import { verbatim } from "../../../src/domain/text.ts";
import { adapterTo, core, noted, SOON, SPECS, serve, started } from "./rig.ts";

describe("the start", () => {
  it("says who it is, asks for as little as it can, and offers the commands", async () => {
    const { line, fake, ann, bob, channel } = await started();
    expect(line).toBe("Discord: ready as @placard in 1 server");
    expect(fake.gateway.identifies).toMatchObject([{ intents: 1, shard: [0, 1] }]);
    expect(ann.commands(channel)).toEqual(expect.arrayContaining(["rca", "settings", "Show recipe"]));
    // Discord hides what needs Manage Server from who lacks it.
    expect(bob.commands(channel)).not.toContain("settings");
  });
  it("registers once, and again only what changed", async () => {
    const world = await started();
    expect(world.fake.commandsCreated).toBe(SPECS.length + 2);
    const puts = () => world.fake.calls.filter(({ method }) => method === "PUT").length;
    expect(puts()).toBe(1);
    await world.adapter.stop();
    const next = await world.next();
    expect(puts()).toBe(1);
    await next.stop();
    const changed = adapterTo(world.fake, { values: world.values });
    await changed.start(
      [...SPECS.slice(0, -1), { ...SPECS.at(-1)!, summary: verbatim("Other rules") }],
      world.received.events,
    );
    expect(puts()).toBe(2);
    expect(world.fake.commandsCreated).toBe(SPECS.length + 2);
    await changed.stop();
  });
  it("offers commands in the servers that were named, and nowhere else, until they are named no more", async () => {
    const { fake, guild } = await serve();
    const other = fake.guild("Others");
    const values = (await started()).values;
    const named = adapterTo(fake, { guildIds: [guild.id], values });
    await named.start(SPECS, core().events);
    expect([fake.commands(guild).length, fake.commands(other).length, fake.commands().length]).toEqual([
      SPECS.length + 2,
      0,
      0,
    ]);
    await named.stop();
    const puts = () => fake.calls.filter(({ method }) => method === "PUT").length;
    const before = puts();
    const again = adapterTo(fake, { guildIds: [guild.id], values });
    await again.start(SPECS, core().events);
    expect(puts()).toBe(before);
    await again.stop();
    const everywhere = adapterTo(fake, { values });
    await everywhere.start(SPECS, core().events);
    expect([fake.commands(guild).length, fake.commands().length]).toEqual([0, SPECS.length + 2]);
    await everywhere.stop();
  });
  it("names a server it is not in, with the link that adds it, and goes on", async () => {
    const { fake, guild } = await serve();
    const foreign = fake.guild("Elsewhere");
    foreign.removeBot();
    const log = noted();
    const adapter = adapterTo(fake, { guildIds: [foreign.id, guild.id], log });
    await adapter.start(SPECS, core().events);
    expect(fake.commands(guild)).toHaveLength(SPECS.length + 2);
    expect(log.lines.find((line) => line.includes("server_refused"))).toMatch(/oauth2\/authorize.*permissions=/);
    await adapter.stop();
  });
  it("refuses a wrong token with what to do, and never shows it", async () => {
    const { fake } = await serve();
    const token = "wrong-token-that-nobody-may-see";
    const log = noted();
    const adapter = adapterTo(fake, { token, log });
    const error = await adapter.start(SPECS, core().events).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: "ChatError", code: "auth", message: expect.stringContaining("Reset Token") });
    expect(`${(error as Error).stack} ${(error as Error).cause}${log.lines.join()}`).not.toContain(token);
    await adapter.stop();
  });
  it.each([503, 404])(
    "does not wait for a Discord that is away with %d, and is there when Discord is",
    { timeout: 20_000 },
    async (status) => {
      const { fake, guild, channel } = await serve();
      const ann = guild.member("ann");
      fake.fails({ on: "*", fault: { kind: "status", status } });
      fake.gateway.down = true;
      const log = noted();
      const received = core();
      const adapter = adapterTo(fake, { log, startWithinMs: 100 });
      expect(await adapter.start(SPECS, received.events)).toBe("Discord: not reachable yet, trying on");
      fake.clock.hurry();
      fake.works();
      fake.gateway.down = false;
      await expect.poll(() => log.lines.some((line) => line.includes("ready as @placard")), SOON).toBe(true);
      await ann.slash(channel, "rca", { prompt: "x" });
      await expect.poll(() => received.invoked.length, SOON).toBe(1);
      // Said once, however often it was tried.
      expect(log.lines.filter((line) => line.includes("discord.unreachable"))).toHaveLength(1);
      await adapter.stop();
    },
  );
  it("gets in on a bad line, step by step: what is done is not done again", { timeout: 20_000 }, async () => {
    const { fake } = await serve();
    const log = noted();
    // Whatever is asked fails the first time, and again once the step before it has been got.
    const failed = new Set<string>();
    fake.fails({
      on: "*",
      fault: { kind: "close" },
      only: ({ method, path }) => {
        const first = !failed.has(`${method} ${path}`);
        failed.add(`${method} ${path}`);
        return first;
      },
    });
    const adapter = adapterTo(fake, { log, startWithinMs: 100 });
    fake.clock.hurry();
    await adapter.start(SPECS, core().events);
    await expect.poll(() => log.lines.some((line) => line.includes("ready as @placard")), SOON).toBe(true);
    const asked = (operation: string) => fake.callsOf(operation).length;
    expect([asked("get_my_application"), asked("bulk_set_application_commands")]).toEqual([2, 2]);
    await adapter.stop();
  });
  it("connects as many shards as Discord recommends, or as it is told", async () => {
    const recommended = await started({ fake: { shards: 3 } });
    expect(recommended.fake.gateway.identifies.map(({ shard }) => shard).toSorted()).toEqual([
      [0, 3],
      [1, 3],
      [2, 3],
    ]);
    const told = await started({ fake: { shards: 3 }, shards: "2" });
    expect(told.fake.gateway.identifies.map(({ shard }) => shard).toSorted()).toEqual([
      [0, 2],
      [1, 2],
    ]);
  });
});
