import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { syncFolder } from "../../lib/durable.ts";

/** In a data folder whose rows another store has taken over. */
const NAME = "placard-moved.json";

const noteSchema = z.object({ movedTo: z.string(), atMs: z.int() });
export type MovedNote = z.output<typeof noteSchema>;

/** `undefined`: what is kept here is the newest that there is. */
export function movedNote(dataDir: string): MovedNote | undefined {
  try {
    return noteSchema.safeParse(JSON.parse(readFileSync(join(dataDir, NAME), "utf8"))).data;
  } catch {
    return undefined;
  }
}

/** On the disk when it returns. */
export function leaveMovedNote(dataDir: string, note: MovedNote): void {
  const file = join(dataDir, NAME);
  const opened = openSync(`${file}.part`, "w", 0o600);
  try {
    writeFileSync(opened, `${JSON.stringify(note)}\n`);
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
  renameSync(`${file}.part`, file);
  syncFolder(dataDir);
}

/** For whoever starts with these files again. */
export const movedWarning = (dataDir: string, { movedTo, atMs }: MovedNote): string =>
  `These files were moved into ${movedTo} on ${new Date(atMs).toLocaleDateString("en-GB")}, and Placard is using them all the same: what happens now is not known there, nor here what happened there. Write DATABASE_URL into .env and start again. To go on with the files for good, remove ${join(dataDir, NAME)}.`;
