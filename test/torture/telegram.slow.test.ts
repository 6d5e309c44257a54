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
  // A placeholder may come twice in each chat for each kill, and the kills must have hit something.
  expect(result.secondPlaceholders).toBeLessThanOrEqual(4 * 4);
  expect(result.openAtKills).toBeGreaterThan(0);
});
