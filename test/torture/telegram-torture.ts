import { complain, type Row, report } from "./report.ts";
import { type TelegramKillResult, telegramKillTest } from "./telegram-kill-test.ts";

const ROWS: readonly Row<TelegramKillResult>[] = [
  ["kills", (result) => result.kills],
  ["jobs", (result) => result.jobs],
  ["jobs ended under the kills", (result) => result.endedUnderKills],
  ["jobs open when it was killed", (result) => result.openAtKills],
  ["updates lost", (result) => result.updatesLost, 0],
  ["jobs lost", (result) => result.jobsLost, 0],
  ["ledger error, GPU ms", (result) => result.ledgerErrorGpuMs, 0],
  ["still held, GPU ms", (result) => result.stillHeldGpuMs, 0],
  ["wrong ends", (result) => result.wrongEnds, 0],
  ["duplicate finals", (result) => result.duplicateFinals, 0],
  ["duplicate albums", (result) => result.duplicateAlbums, 0],
  ["referee complaints", (result) => result.refereeComplaints.length, 0],
  ["second placeholders", (result) => result.secondPlaceholders],
  ["backend repeats", (result) => result.backendRepeats],
  ["seconds", (result) => Math.round(result.tookMs / 1000)],
];

/** Prints what a run showed; false: something promised was not kept. */
export async function torture(size: {
  readonly kills: number;
  readonly jobs: number;
  readonly seed: number;
}): Promise<boolean> {
  const result = await telegramKillTest({ ...size, told: (line) => console.error(`  ${line}`) });
  const isFine = report(`telegram, seed ${size.seed}`, ROWS, result);
  if (!isFine) complain([...result.refereeComplaints, ...result.logged]);
  return isFine;
}
