import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Names of copies: of `npm run backup` where nobody says otherwise, and from before a step of the tables. */
const isBackup = (name: string) => /^placard-\d{4}-/.test(name);
const isBeforeStep = (name: string) => /\.before-step-\d+$/.test(name);
/** Of a data folder that `npm run restore` put another one in the place of. */
const BEFORE_RESTORE = ".before-restore-";
/** Beside files whose rows `npm run move` took into a database: they stay as they were. */
const isMoved = (name: string) => name === "placard-moved.json";

/**
 * When copies were made that may hold what is deleted since, oldest first, as far as Placard knows where they are: those that an
 * operator took elsewhere nobody can list.
 */
export async function copiesMadeAtMs(dataDir: string): Promise<readonly number[]> {
  const found = await Promise.all([
    madeIn(join(dirname(dataDir), "backups"), isBackup),
    madeIn(dataDir, isBeforeStep),
    madeIn(join(dataDir, "webchat"), isBeforeStep),
    madeIn(dirname(dataDir), (name) => name.startsWith(basename(dataDir) + BEFORE_RESTORE)),
    madeIn(dataDir, isMoved),
  ]);
  return found.flat().toSorted((a, b) => a - b);
}

async function madeIn(folder: string, wanted: (name: string) => boolean): Promise<readonly number[]> {
  const names = (await readdir(folder).catch(() => [])).filter(wanted);
  const found = await Promise.all(names.map((name) => stat(join(folder, name)).catch(() => undefined)));
  return found.flatMap((each) => (each ? [each.mtimeMs] : []));
}
