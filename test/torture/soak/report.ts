import { complain, type Row, report } from "../report.ts";
import type { Sample } from "./messages.ts";
import { AT_ONCE, type SoakResult, soak } from "./soak.ts";

/** More than this from the first fifth to the end is called growth. */
const GROWTH_MAX_PERCENT = 5;

/** Connections of the crowd, and as many to the platforms: they may be open at one look and closed at the other. */
const MORE_FILES_MAX = 2 * AT_ONCE;

const growthPercent = ({ early, late }: SoakResult, of: keyof Sample): number =>
  (100 * (late[of] - early[of])) / early[of];

const megabytes = (bytes: number): number => Math.round(bytes / 1e5) / 10;
const isTooMuch = (result: SoakResult, of: keyof Sample): number =>
  Number(growthPercent(result, of) >= GROWTH_MAX_PERCENT);
const pair = (label: string, of: "heapBytes" | "rssBytes"): readonly Row<SoakResult>[] => [
  [`${label}, first fifth, MB`, ({ early }) => megabytes(early[of])],
  [`${label}, end, MB`, ({ late }) => megabytes(late[of])],
  [`${label}, growth in %`, (result) => Math.round(10 * growthPercent(result, of)) / 10],
  [`${label} grows ${GROWTH_MAX_PERCENT} %`, (result) => isTooMuch(result, of), 0],
];

const ROWS: readonly Row<SoakResult>[] = [
  ["messages", ({ messages }) => messages],
  ["messages a second", ({ messages, tookMs }) => Math.round((1000 * messages) / tookMs)],
  ["pictures made", ({ late }) => late.picturesMade],
  ...pair("heap", "heapBytes"),
  ["compiled code in it, first fifth, MB", ({ early }) => megabytes(early.codeBytes)],
  ["compiled code in it, end, MB", ({ late }) => megabytes(late.codeBytes)],
  ...pair("whole process", "rssBytes"),
  ["outside the heap, MB", ({ late }) => megabytes(late.externalBytes)],
  ["open files, first fifth", ({ early }) => early.openFiles],
  ["open files, end", ({ late }) => late.openFiles],
  [
    `open files grow by more than ${MORE_FILES_MAX}`,
    ({ early, late }) => Number(late.openFiles - early.openFiles > MORE_FILES_MAX),
    0,
  ],
  ["times the books were done", ({ audits }) => audits],
  ["times they were wrong", ({ auditsWrong }) => auditsWrong, 0],
  ["seconds", ({ tookMs }) => Math.round(tookMs / 1000)],
];

/** Prints the table; false: something promised was not kept. */
export async function torture({
  messages,
  seed,
}: {
  readonly messages: number;
  readonly seed: number;
}): Promise<boolean> {
  const result = await soak({ messages, seed, told: (line) => console.error(`  ${line}`) });
  const kept = report(`soak, seed ${seed}`, ROWS, result);
  if (result.logged.length > 0) complain(result.logged);
  return kept;
}
