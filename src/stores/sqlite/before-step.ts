import { chmodSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isDiskFull } from "../../lib/disk-full.ts";
import { syncFile, syncFolder } from "../../lib/durable.ts";

/** Between a database's name and the number of the step that its copy was made before. */
export const BEFORE_STEP = ".before-step-";
/** Each is as large as the database; older ones than these nobody goes back to. */
const COPIES_MAX = 3;

/** A database on disk, outside a transaction. */
interface OnDisk {
  readonly file: string;
  exec(sql: string): void;
}

/**
 * Copies a database as it is beside its file, e.g. to `placard.sqlite.before-step-4`, and removes all but the newest
 * copies. When it returns, the copy has reached the disk: a step that spoils something can be undone by renaming.
 *
 * @throws Error with a sentence when there can be no copy; nothing has changed then
 */
export function copyBeforeStep(db: OnDisk, step: number): void {
  const copy = `${db.file}${BEFORE_STEP}${step}`;
  const unfinished = `${copy}.part`;
  try {
    rmSync(unfinished, { force: true });
    db.exec(`VACUUM INTO '${unfinished.replaceAll("'", "''")}'`);
    chmodSync(unfinished, 0o600);
    syncFile(unfinished);
    renameSync(unfinished, copy);
    syncFolder(dirname(copy));
  } catch (cause) {
    rmSync(unfinished, { force: true, recursive: true });
    throw new Error(complaint(db.file, cause), { cause });
  }
  removeOlder(db.file);
}

function complaint(file: string, cause: unknown): string {
  const why = isDiskFull(cause)
    ? "the disk is full. Make room for a file as large as the database"
    : "nothing can be written there. Check the folder's permissions and the disk";
  return `this Placard has to change ${basename(file)} and makes a copy in ${dirname(file)} first, but ${why}, then start again. Nothing was changed`;
}

function removeOlder(file: string): void {
  const prefix = `${basename(file)}${BEFORE_STEP}`;
  const steps = readdirSync(dirname(file))
    .filter((name) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)))
    .map((name) => Number(name.slice(prefix.length)))
    .toSorted((a, b) => b - a);
  for (const step of steps.slice(COPIES_MAX)) rmSync(join(dirname(file), `${prefix}${step}`), { force: true });
}
