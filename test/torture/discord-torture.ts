import { type DiscordKillResult, discordKillTest } from "./discord-kill-test.ts";
import { complain, type Row, report } from "./report.ts";

const ROWS: readonly Row<DiscordKillResult>[] = [
  ["kills", (result) => result.kills],
  ["jobs", (result) => result.jobs],
  ["jobs ended under the kills", (result) => result.endedUnderKills],
  ["updates lost", (result) => result.updatesLost, 0],
  ["jobs lost", (result) => result.jobsLost, 0],
  ["ledger error, GPU ms", (result) => result.ledgerErrorGpuMs, 0],
  ["still held, GPU ms", (result) => result.stillHeldGpuMs, 0],
  ["duplicate finals", (result) => result.duplicateFinals, 0],
  ["second messages", (result) => result.secondMessages, 0],
  ["referee complaints", (result) => result.refereeComplaints.length, 0],
  ["never heard, not charged", (result) => result.unacknowledged],
  ["heard late, drawn all the same", (result) => result.acknowledgedLate],
  ["logins", (result) => result.identifies],
  ["sessions resumed", (result) => result.resumes],
  ["backend repeats", (result) => result.backendRepeats],
  ["seconds", (result) => Math.round(result.tookMs / 1000)],
];

/** Prints what a run showed; false: something promised was not kept. */
export async function torture(size: {
  readonly kills: number;
  readonly jobs: number;
  readonly seed: number;
}): Promise<boolean> {
  const result = await discordKillTest({ ...size, told: (line) => console.error(`  ${line}`) });
  const isFine = report(`discord, seed ${size.seed}`, ROWS, result);
  if (!isFine) complain([...result.refereeComplaints, ...result.logged]);
  return isFine;
}
