import { readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Names of copies: of `npm run backup` where nobody says otherwise, and from before a step of the tables. */
const BACKUP = /^placard-\d{4}-/;
const BEFORE_STEP = /\.before-step-\d+$/;

/**
 * When copies were made that may hold what is deleted since, oldest first, as far as Placard knows where they are: those that an
 * operator took elsewhere nobody can list.
 */
export async function copiesMadeAtMs(dataDir: string): Promise<readonly number[]> {
  const found = await Promise.all([
    madeIn(join(dirname(dataDir), "backups"), BACKUP),
    madeIn(dataDir, BEFORE_STEP),
    madeIn(join(dataDir, "webchat"), BEFORE_STEP),
  ]);
  return found.flat().toSorted((a, b) => a - b);
}

async function madeIn(folder: string, wanted: RegExp): Promise<readonly number[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => wanted.test(name));
  const found = await Promise.all(names.map((name) => stat(join(folder, name)).catch(() => undefined)));
  return found.flatMap((each) => (each ? [each.mtimeMs] : []));
}
