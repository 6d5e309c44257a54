import { describe, expect, it } from "vitest";
import { cases } from "../many.ts";
import { discordWorld, SOON } from "./discord-world.ts";

const PICTURES = cases(2, 20);

describe("when things break", () => {
  it(`a lost answer to every kind of message makes no second one: ${2 * PICTURES} pictures, half of the answers lost`, {
    timeout: 60_000,
  }, async () => {
    const world = await discordWorld();
    await world.draw(world.ann, "the parent");
    const parent = await world.picture();
    for (const kind of ["close", "reset"] as const)
      world.fake.fails({
        on: [
          "create_message",
          "update_message",
          "update_original_webhook_message",
          "update_webhook_message",
          "create_interaction_response",
        ],
        fault: { kind },
        when: "applied",
        probability: 0.3,
      });
    for (let at = 0; at < PICTURES; at += 1) {
      await world.ann.slash(world.channel, "rca", { prompt: `command ${at}` });
      world.ann.press(parent, "Vary subtle");
    }
    await expect.poll(() => world.pictures().length, { ...SOON, timeout: 50_000 }).toBe(2 * PICTURES + 1);
    world.fake.works();
    await world.app.idle();
    expect(world.channel.messages).toHaveLength(2 * PICTURES + 1);
    expect(new Set(world.pictures().map(({ text }) => /#(\d+)/.exec(text)?.[1])).size).toBe(2 * PICTURES + 1);
  });

  it("a storm of 429 on half of all requests delays, and loses nothing", { timeout: 60_000 }, async () => {
    const world = await discordWorld();
    world.fake.fails({ on: "*", fault: { kind: "rate_limited", retryAfterMs: 30, scope: "user" }, probability: 0.5 });
    for (let at = 0; at < PICTURES; at += 1) await world.ann.slash(world.channel, "rca", { prompt: `command ${at}` });
    await expect.poll(() => world.pictures().length, { ...SOON, timeout: 50_000 }).toBe(PICTURES);
    world.fake.works();
    await world.app.idle();
    expect(world.channel.messages).toHaveLength(PICTURES);
    expect(world.fake.invalidRequests).toBeLessThan(1000);
  });
});
