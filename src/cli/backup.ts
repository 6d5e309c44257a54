import { existsSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import { parseArgs } from "node:util";
import { openBackups } from "../app/backups.ts";
import type { CopyWork, MadeCopy } from "../ports/backup.ts";
import { plainly } from "./arguments.ts";
import { backupFolderOf, holdsText, stampOf, typed } from "./copies/folders.ts";
import { copyWork } from "./copies/work.ts";

const USAGE = `Usage: npm run backup [-- --to FOLDER]
Copies all pictures and chats into a new folder of its own below FOLDER (without --to: backups, beside the data folder).
Placard may be running meanwhile.`;
/** The copy was made, and tells of pictures that were lost before. */
const EXIT_INCOMPLETE = 2;

async function backup(how: CopyWork): Promise<void> {
  const { values } = plainly(USAGE, () =>
    parseArgs({ options: { to: { type: "string" }, help: { type: "boolean" } } }),
  );
  if (values.help === true) return void console.log(USAGE);
  if (existsSync(".env")) process.loadEnvFile(".env");
  const { dataDir, backups } = await openBackups(process.env);
  const below = values.to === undefined ? backupFolderOf(dataDir) : resolve(values.to);
  if (`${below}${sep}`.startsWith(`${dataDir}${sep}`))
    throw new Error("--to must be outside the data folder: a copy in it would be lost together with it");
  const into = join(below, `placard-${stampOf(how.nowMs())}`);
  console.log(`Copying ${typed(dataDir)} to ${typed(into)} …`);
  const made = await backups.backup(dataDir, into, how);
  for (const line of report(made, into)) console.log(line);
  if (made.missing.length + made.damaged.length > 0) process.exitCode = EXIT_INCOMPLETE;
}

const report = (made: MadeCopy, into: string): readonly string[] => [
  `Done: ${holdsText(made)}.`,
  ...lost(made.missing, "had lost their files before, so that the copy has none either"),
  ...lost(made.damaged, "have damaged files; the copy has them as they are"),
  "Your settings and tokens (.env) and your styles are not in it: keep a copy of those files yourself.",
  `To go back to it: stop Placard, then npm run restore -- ${typed(into)}`,
];

const lost = (numbers: readonly number[], what: string): readonly string[] =>
  numbers.length === 0 ? [] : [`✗ These pictures ${what}: ${numbers.map((number) => `#${number}`).join(", ")}`];

await copyWork(backup);
