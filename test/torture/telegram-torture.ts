import { type TelegramKillResult, telegramKillTest } from "./telegram-kill-test.ts";

const ROWS: readonly (readonly [label: string, value: (result: TelegramKillResult) => number, promised?: number])[] = [
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
  console.log(`\ntelegram, seed ${size.seed}`);
  const result = await telegramKillTest({ ...size, told: (line) => console.error(`  ${line}`) });
  for (const [label, value, promised] of ROWS)
    console.log(
      `  ${label.padEnd(28)}${String(value(result)).padStart(8)}${promised === undefined ? "" : `   promised ${promised}`}`,
    );
  const kept = ROWS.every(([, value, promised]) => promised === undefined || value(result) === promised);
  if (!kept) console.log([...new Set([...result.refereeComplaints, ...result.logged])].slice(0, 20).join("\n"));
  return kept;
}
