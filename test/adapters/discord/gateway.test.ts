import { describe, expect, it } from "vitest";
import { z } from "zod";
import { heldUp, PUBLIC, SOON, started } from "./rig.ts";

describe("the gateway", () => {
  it.each([
    ["asked to reconnect", (gateway: { reconnect(): void }) => gateway.reconnect()],
    ["closed with 4000", (gateway: { close(code: number): void }) => gateway.close(4000)],
  ])("resumes when it is %s", { timeout: 20_000 }, async (_what, act) => {
    const { fake } = await started();
    act(fake.gateway);
    await expect.poll(() => fake.gateway.resumes.length, SOON).toBe(1);
    expect(fake.gateway.identifies).toHaveLength(1);
  });
  it("shows how long the queue is, and only when it changes", async () => {
    let waiting = 3;
    const { fake } = await started({ presenceEveryMs: 10, events: { queueLength: async () => waiting } });
    const said = () =>
      fake.gateway.presences.map(({ presence }) => (presence["activities"] as { state: string }[])[0]?.state);
    await expect.poll(said, SOON).toEqual(["3 pictures in the queue"]);
    waiting = 0;
    await expect.poll(said, SOON).toEqual(["3 pictures in the queue", "Nobody is waiting · /help"]);
  });
});

describe("a restart", () => {
  it("leaves so that the next process resumes: what members did meanwhile is heard", async () => {
    const world = await started();
    await world.adapter.stop();
    expect(world.fake.gateway.closes).toEqual([4200]);
    const played = await world.ann.slash(world.channel, "rca", { prompt: "while nobody was there" });
    const next = await world.next();
    await expect.poll(() => world.received.invoked.length, SOON).toBe(1);
    expect(played.delivered).toBe(true);
    expect(world.received.invoked[0]?.sent?.late).toBe(true);
    expect(world.fake.gateway.identifies).toHaveLength(1);
    // In time: the member sees no difference.
    await next.acknowledge(world.received.invoked[0]!.target, "public");
    await next.post(world.received.invoked[0]!.target, { text: "Done." }, PUBLIC("j.1"));
    expect(played.reply?.text).toBe("Done.");
  });
  it("leaves to the next process what comes while this one ends", async () => {
    const world = await started();
    const gate = Promise.withResolvers<void>();
    world.received.onInvoked = () => gate.promise;
    await world.ask();
    const stopping = world.adapter.stop();
    await world.ann.slash(world.channel, "rca", { prompt: "just too late" });
    await expect.poll(() => world.log.lines.some((line) => line.includes("discord.event_left")), SOON).toBe(true);
    gate.resolve();
    await stopping;
    expect(world.received.invoked).toHaveLength(1);
    world.received.onInvoked = async () => {};
    await world.next();
    await expect.poll(() => world.received.invoked.length, SOON).toBe(2);
    expect(world.received.invoked[1]).toMatchObject({ raw: { values: { prompt: "just too late" } } });
  });
  it("brings once more what a process had heard and not yet made durable", async () => {
    const world = await started();
    world.received.onInvoked = heldUp();
    await world.ann.slash(world.channel, "rca", { prompt: "half done" });
    await expect.poll(() => world.received.invoked.length, SOON).toBe(1);
    // Killed: no goodbye. What was written until then is all the next process has.
    await expect.poll(() => world.values("session", z.unknown()).get("0"), SOON).toHaveProperty("sequence");
    world.fake.gateway.kill();
    world.received.onInvoked = async () => {};
    await world.next();
    await expect.poll(() => world.received.invoked.length, SOON).toBe(2);
    expect(world.received.invoked[1]?.updateId).toBe(world.received.invoked[0]?.updateId);
  });
  it("does not dig out what its member has given up on", async () => {
    const world = await started();
    const before = world.ann.slash(world.channel, "rca", { prompt: "answered, then the process died" });
    await before;
    await expect.poll(() => world.received.invoked.length, SOON).toBe(1);
    await world.adapter.stop();
    await world.ann.slash(world.channel, "rca", { prompt: "nobody answered" });
    world.fake.clock.advanceMs(60_000);
    await world.ann.slash(world.channel, "rca", { prompt: "just now" });
    await world.next();
    await expect.poll(() => world.received.invoked.length, SOON).toBe(2);
    expect(world.received.invoked[1]).toMatchObject({ raw: { values: { prompt: "just now" } } });
  });
  it("finishes late what was acknowledged and got no further", async () => {
    const world = await started();
    const forEver = heldUp();
    world.received.onInvoked = async ({ target }) => {
      await world.adapter.acknowledge(target, "public");
      await forEver();
    };
    const { played } = await world.ask();
    await played.acknowledged();
    await expect.poll(() => world.values("session", z.unknown()).get("0"), SOON).toHaveProperty("sequence");
    world.fake.gateway.kill();
    world.fake.clock.advanceMs(60_000);
    world.received.onInvoked = async () => {};
    const next = await world.next();
    await expect.poll(() => world.received.invoked.length, SOON).toBe(2);
    await next.post(world.received.invoked[1]!.target, { text: "Done." }, PUBLIC("j.1"));
    expect(played.reply).toMatchObject({ text: "Done.", loading: false });
  });
});
