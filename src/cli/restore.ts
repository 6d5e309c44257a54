import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { openBackups } from "../app/backups.ts";
import type { Backups, CopyWork } from "../ports/backup.ts";
import { plainly } from "./arguments.ts";
import { backupFolderOf, copiesIn, holdsText, stampOf, typed } from "./copies/folders.ts";
import { copyWork } from "./copies/work.ts";

const USAGE = `Usage: npm run restore -- COPY
Puts a copy that npm run backup made in the place of the data folder. Stop Placard first. What is in the data folder now is
moved aside, not removed.`;

async function restore(how: CopyWork): Promise<void> {
  const { values, positionals } = plainly(USAGE, () =>
    parseArgs({ allowPositionals: true, options: { help: { type: "boolean" } } }),
  );
  if (existsSync(".env")) process.loadEnvFile(".env");
  const { dataDir, backups } = await openBackups(process.env);
  const [copy, ...more] = positionals;
  if (values.help === true || copy === undefined || more.length > 0)
    return void console.log([USAGE, ...(await choices(dataDir, backups))].join("\n"));
  const aside = `${dataDir}.before-restore-${stampOf(how.nowMs())}`;
  console.log(`Checking ${typed(resolve(copy))} and bringing it to ${typed(dataDir)} …`);
  const { movedAside, ...facts } = await backups.restore(resolve(copy), { dataDir, aside }, how);
  console.log(
    `Done: ${holdsText(facts)}, as of ${new Date(facts.madeAtMs).toLocaleString()}. Start Placard again: npm start`,
  );
  if (!movedAside) return;
  console.log(`What was there before is now in ${typed(aside)}.`);
  console.log(`To undo this: stop Placard, remove ${typed(dataDir)}, and rename ${typed(aside)} to ${typed(dataDir)}.`);
}

async function choices(dataDir: string, backups: Backups): Promise<readonly string[]> {
  const folder = backupFolderOf(dataDir);
  const copies = await copiesIn(folder, backups);
  if (copies.length === 0) return [`There are no copies in ${typed(folder)} yet.`];
  return ["Copies, newest first:", ...copies.map((found) => `  ${typed(found.folder)}  (${holdsText(found)})`)];
}

await copyWork(restore);
