import { expect, it } from "vitest";
import { telegramKillTest } from "./telegram-kill-test.ts";

// The short form of `npm run torture -- --platform telegram`: processes with grammY in them take a second to start.
it("the Telegram adapter, killed with SIGKILL at random points, loses nothing and shows each end once", {
  timeout: 180_000,
}, async () => {
  const result = await telegramKillTest({ kills: 4, jobs: 24, seed: 3 });
  expect(result, result.logged.join("\n")).toMatchObject({
    kills: 4,
    updatesLost: 0,
    jobsLost: 0,
    ledgerErrorGpuMs: 0,
    stillHeldGpuMs: 0,
    wrongEnds: 0,
    duplicateFinals: 0,
    duplicateAlbums: 0,
    refereeComplaints: [],
  });
  // Some placeholder may come twice for each kill, and some job must have been under way for the kills to mean anything.
  expect(result.secondPlaceholders).toBeLessThanOrEqual(4 * 8);
  expect(result.backendRepeats).toBeGreaterThan(0);
});
