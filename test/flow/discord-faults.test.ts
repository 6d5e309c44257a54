import { describe, expect, it } from "vitest";
import { fakeBackend } from "../../src/backends/fake.ts";
import { discordWorld, held, press, SOON } from "./discord-world.ts";

const MINUTE_MS = 60_000;

describe("when things break", () => {
  it("a restart in the middle ends in the same message", async () => {
    let opened = 0;
    const world = await discordWorld({
      backends: () => {
        opened += 1;
        return [fakeBackend(opened === 1 ? { gate: () => new Promise(() => {}) } : {})];
      },
    });
    const asked = await world.draw(world.ann, "a red fox");
    await expect.poll(() => asked.reply?.loading, SOON).toBe(false);
    await world.stop();
    // Asked while nobody is there: heard when somebody is again.
    await world.bob.slash(world.channel, "rca", { prompt: "a blue boat" });
    await world.start();
    await world.picture(2);
    expect(asked.reply?.files).toHaveLength(1);
    // In its own reply or, where the start took longer than Discord waits for one, beside it.
    expect(world.channel.messages.map((message) => message.files.length)).toEqual([1, 1]);
    expect(world.fake.gateway.identifies).toHaveLength(1);
  });

  it("old buttons still work after the restart, for those who may", async () => {
    const world = await discordWorld();
    await world.draw(world.ann, "a red fox");
    const made = await world.picture();
    await world.restart();
    world.fake.clock.advanceMs(30 * 24 * 60 * MINUTE_MS);
    await press(world.ann, made, "Vary subtle");
    expect((await world.picture(2)).text).toContain("varied from");
  });

  it("a picture that takes 40 minutes still arrives, in its message", async () => {
    const gate = held();
    const world = await discordWorld({ backends: gate.backend });
    const asked = await world.draw(world.ann, "a red fox");
    await expect.poll(() => asked.reply?.text, SOON).toMatch(/▱/);
    world.fake.clock.advanceMs(40 * MINUTE_MS);
    gate.letGo();
    const done = await world.picture();
    expect(done.id).toBe(asked.reply?.id);
    expect(world.channel.messages).toHaveLength(1);
  });

  it("a deleted message is posted anew, once", async () => {
    const gate = held();
    const world = await discordWorld({ backends: gate.backend });
    const asked = await world.draw(world.ann, "a red fox");
    await expect.poll(() => asked.reply?.text, SOON).toMatch(/▱/);
    const gone = asked.reply!;
    world.guild.member("mod", { permissions: ["ManageMessages"] }).deletes(gone);
    gate.letGo();
    const done = await world.picture();
    expect(done.id).not.toBe(gone.id);
    await world.app.idle();
    expect(world.channel.messages).toHaveLength(1);
  });

  it("an outage of everything is over when it is over", { timeout: 60_000 }, async () => {
    const world = await discordWorld();
    const asked = await world.draw(world.ann, "a red fox");
    world.fake.fails({ on: "*", fault: { kind: "status", status: 500 } });
    world.fake.gateway.down = true;
    world.fake.gateway.kill();
    await expect.poll(() => world.logged.some((line) => line.includes("connection_lost")), SOON).toBe(true);
    world.fake.works();
    world.fake.gateway.down = false;
    await expect.poll(() => asked.reply?.files.length, { ...SOON, timeout: 30_000 }).toBe(1);
    await expect.poll(() => world.logged.some((line) => line.includes("connected_again")), SOON).toBe(true);
    await world.draw(world.bob, "a blue boat");
    await world.picture(2);
  });

  it("shows its token nowhere", async () => {
    const world = await discordWorld();
    world.fake.fails({ on: ["update_original_webhook_message"], fault: { kind: "status", status: 500 }, times: 4 });
    const asked = await world.draw(world.ann, "a red fox");
    await world.picture();
    const secrets = [
      world.fake.token,
      ...world.fake.calls.flatMap(({ path }) => /\/webhooks\/\d+\/([^/]+)/.exec(path)?.[1] ?? []),
    ];
    expect(secrets.length).toBeGreaterThan(1);
    expect(asked.failed).toBe(false);
    for (const secret of secrets) expect(world.logged.join("\n")).not.toContain(secret);
  });
});
