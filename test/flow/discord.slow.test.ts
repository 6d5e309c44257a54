import { describe, expect, it } from "vitest";
import { discordWorld, SOON } from "./discord-world.ts";

describe("when things break", () => {
  it("an outage is told once, not for each of twenty pictures and questions", { timeout: 60_000 }, async () => {
    const world = await discordWorld();
    world.fake.fails({ on: "*", fault: { kind: "status", status: 503 } });
    for (let at = 0; at < 20; at += 1) {
      await world.ann.slash(world.channel, "rca", { prompt: `picture ${at}` });
      await world.bob.slash(world.channel, "help");
    }
    const loud = () => world.logged.filter((line) => /"level":"(warn|error)"/.test(line));
    await expect.poll(() => loud().length, SOON).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    world.fake.works();
    await expect.poll(() => world.pictures().length, { ...SOON, timeout: 30_000 }).toBe(20);
    expect(loud().filter((line) => line.includes('"code":"offline"'))).toHaveLength(1);
    // Questions that are too old by now are another matter, told once as well.
    expect(loud().length).toBeLessThanOrEqual(2);
    expect(world.logged.filter((line) => line.includes("platform.works_again"))).toHaveLength(1);
  });
});
