import { describe, expect, it } from "vitest";
import { killTest } from "./kill-test.ts";

// The short form of `npm run torture`: the same bots and the same sums.
const PROMISED = {
  updatesLost: 0,
  jobsLost: 0,
  ledgerErrorGpuMs: 0,
  stillHeldGpuMs: 0,
  duplicateFinals: 0,
  picturesMissing: 0,
  votesWrong: 0,
  startsWrong: 0,
  potErrorGpuMs: 0,
  outcomesLost: 0,
  duplicateOutcomes: 0,
};
const LIMIT_MS = 180_000;

describe("killed with SIGKILL at random points", () => {
  it("loses nothing over 20 kills and 200 jobs, where posts are known again", { timeout: LIMIT_MS }, async () => {
    const result = await killTest({ mode: "nonce", kills: 20, jobs: 200, seed: 1 });
    expect(result, result.logged.join("\n")).toMatchObject(PROMISED);
    expect(result.kills).toBe(20);
    // Nearly all of them on an idle machine; the rest of the suite may take most of this one. Fewer would mean that the kills
    // met no work, and that the promises above say nothing.
    expect(result.endedUnderKills).toBeGreaterThanOrEqual(60);
    expect(result.secondPlaceholders).toBe(0);
    expect(result.secondLines).toBe(0);
    expect(result.decisions).toBeGreaterThanOrEqual(30);
  });

  it("loses nothing where posts are not known again, and ends each job once", { timeout: LIMIT_MS }, async () => {
    const result = await killTest({ mode: "edit", kills: 8, jobs: 80, seed: 2 });
    expect(result, result.logged.join("\n")).toMatchObject(PROMISED);
    expect(result.kills).toBe(8);
    // A placeholder may come twice when the process dies between posting and noting it: not more often than it dies.
    expect(result.secondPlaceholders + result.secondLines).toBeLessThanOrEqual(8 * 4);
  });

  it("sees the losses of the naive way", { timeout: LIMIT_MS }, async () => {
    const result = await killTest({ mode: "naive", kills: 20, jobs: 200, seed: 3 });
    expect(result.updatesLost).toBeGreaterThan(0);
    expect(result.jobsLost).toBeGreaterThan(0);
    expect(result.ledgerErrorGpuMs).toBeGreaterThan(0);
  });
});
