import { complain, type Row, report } from "../report.ts";
import { type MachinesOptions, type MachinesResult, machinesKillTest } from "./kill-test.ts";
import { lacksFor } from "./server.ts";

const ROWS: readonly Row<MachinesResult>[] = [
  ["kills", (result) => result.kills],
  ["of the one that led", (result) => result.leaderKills],
  ["crashes of the server", (result) => result.serverCrashes],
  ["commands typed", (result) => result.jobs],
  ["ended under the kills", (result) => result.endedUnderKills],
  ["updates lost", (result) => result.updatesLost, 0],
  ["jobs doubled", (result) => result.jobsDoubled, 0],
  ["jobs lost", (result) => result.jobsLost, 0],
  ["wrong ends", (result) => result.wrongEnds, 0],
  ["ledger error, GPU ms", (result) => result.ledgerErrorGpuMs, 0],
  ["still held, GPU ms", (result) => result.stillHeldGpuMs, 0],
  ["jobs still open", (result) => result.openJobs, 0],
  ["messages still owed", (result) => result.owed, 0],
  ["duplicate finals", (result) => result.duplicateFinals, 0],
  ["finals overwritten", (result) => result.finalsOverwritten, 0],
  ["second messages, with nonce", (result) => result.secondMessages, 0],
  ["pictures missing", (result) => result.picturesMissing, 0],
  ["pictures of another attempt", (result) => result.picturesWrong, 0],
  ["files of no row, after the sweep", (result) => result.orphansLeft, 0],
  ["deadlocks", (result) => result.deadlocks, 0],
  ["processes that fell by themselves", (result) => result.fallen.length, 0],
  ["referee complaints", (result) => result.refereeComplaints.length, 0],
  ["second placeholders, without nonce", (result) => result.secondPlaceholders],
  ["files of no row, before it", (result) => result.orphansMade],
  ["GPU repeats", (result) => result.backendRepeats],
  ["reigns lost by the living", (result) => result.reignsLost],
  ["takeover ms, median", (result) => result.takeoverMedianMs],
  ["takeover ms, most", (result) => result.takeoverMostMs],
  ["never heard, not charged", (result) => result.unheard],
  ["starts without a database", (result) => result.failedStarts],
  ["lines of log at error level", (result) => result.errorLines],
  ["seconds", (result) => Math.round(result.tookMs / 1000)],
];

/** The control needs no long run to fail. */
const CONTROL = { jobs: 300, kills: 20 };

/** Prints what a run showed, and what one of the control; false: something promised was not kept, or the control kept it. */
export async function torture(size: Omit<MachinesOptions, "told" | "control">): Promise<boolean> {
  const lacks = lacksFor(size.isPooled ?? false);
  if (lacks !== undefined) throw new Error(`this ${lacks}`);
  const told = (line: string) => console.error(`  ${line}`);
  const result = await machinesKillTest({ ...size, told });
  const title = `machines${size.isPooled ? ", behind PgBouncer" : ""}, seed ${size.seed}`;
  const isFine = report(title, ROWS, result);
  if (!isFine) complain([...result.fallen, ...result.refereeComplaints, ...result.logged]);
  const control = await machinesKillTest({ ...CONTROL, seed: size.seed, control: "naive", told });
  return !report(`naive (the control: must show faults), seed ${size.seed}`, ROWS, control) && isFine;
}
