import { describe, expect, it } from "vitest";
import { discordAcknowledgement } from "../bench/discord.ts";
import { atThisPaceMs } from "../pace.ts";
import { discordKillTest } from "./discord-kill-test.ts";

// Processes of their own: discord.js, the store and the fake share nothing but a socket.
describe("the Discord adapter in a process of its own", () => {
  it("acknowledges a hundred commands at once in time, each of them", { timeout: 60_000 }, async () => {
    const { roundTrip } = await discordAcknowledgement(100, 1);
    // Discord gives up after 3 s.
    expect(Math.max(roundTrip.worstMs, roundTrip.coldMs)).toBeLessThan(atThisPaceMs(2500));
  });

  // The short form of `npm run torture -- --platform discord`: each start of such a process takes a second.
  it("loses nothing and shows each end once, killed with SIGKILL at random points", { timeout: 120_000 }, async () => {
    const result = await discordKillTest({ kills: 4, jobs: 24, seed: 3 });
    expect(result, result.logged.join("\n")).toMatchObject({
      kills: 4,
      updatesLost: 0,
      jobsLost: 0,
      ledgerErrorGpuMs: 0,
      stillHeldGpuMs: 0,
      duplicateFinals: 0,
      secondMessages: 0,
      refereeComplaints: [],
    });
    // Sessions outlived their processes, and what came over them is part of the sums.
    expect(result.resumes).toBeGreaterThan(0);
    expect(result.unacknowledged).toBeLessThan(result.jobs);
  });
});
