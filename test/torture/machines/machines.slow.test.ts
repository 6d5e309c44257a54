import { describe, expect, it } from "vitest";
import { notRun } from "../../stores/postgres-engine.ts";
import { machinesKillTest } from "./kill-test.ts";
import { lacksFor } from "./server.ts";
import type { Sums } from "./sums.ts";
import { GROUPS } from "./telegram-chat.ts";

// The short form of `npm run torture -- --machines`: the same processes and the same sums.
const PROMISED: Omit<Sums, "secondPlaceholders"> = {
  updatesLost: 0,
  jobsDoubled: 0,
  jobsLost: 0,
  wrongEnds: 0,
  ledgerErrorGpuMs: 0,
  stillHeldGpuMs: 0,
  openJobs: 0,
  owed: 0,
  duplicateFinals: 0,
  finalsOverwritten: 0,
  picturesMissing: 0,
  picturesWrong: 0,
  orphansLeft: 0,
  secondMessages: 0,
};
// Only a hang ends here: on a machine that is busy with ten times as much it takes several minutes.
const LIMIT_MS = 600_000;
const TITLE = "three workers and two fronts over one PostgreSQL, killed with SIGKILL, and its server with them";

const lacks = lacksFor(false);
if (lacks !== undefined) notRun(TITLE, lacks);
else
  describe(TITLE, () => {
    it("lose nothing and show each end once", { timeout: LIMIT_MS }, async () => {
      const result = await machinesKillTest({ jobs: 300, kills: 10, seed: 1 });
      expect(result, result.logged.join("\n")).toMatchObject({
        ...PROMISED,
        kills: 10,
        serverCrashes: 1,
        deadlocks: 0,
        fallen: [],
        refereeComplaints: [],
      });
      // Kills that meet no work show nothing.
      expect(result.endedUnderKills).toBeGreaterThan(100);
      expect(result.leaderKills).toBeGreaterThan(0);
      expect(result.backendRepeats).toBeGreaterThan(0);
      // In each group one may come twice where its post was not noted: whoever sent it died or led no longer, or the server died.
      const { leaderKills, serverCrashes, reignsLost } = result;
      expect(result.secondPlaceholders).toBeLessThanOrEqual(GROUPS * (leaderKills + serverCrashes + reignsLost));
    });

    it("see the losses of the naive way", { timeout: LIMIT_MS }, async () => {
      const result = await machinesKillTest({ jobs: 150, kills: 12, seed: 1, control: "naive" });
      expect(result.updatesLost).toBeGreaterThan(0);
      expect(result.jobsLost).toBeGreaterThan(0);
      expect(result.ledgerErrorGpuMs).toBeGreaterThan(0);
      expect(result.duplicateFinals).toBeGreaterThan(0);
    });
  });
