import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { CopyWork } from "../../ports/backup.ts";
import type { Outgoing } from "../../ports/move.ts";
import { copyFile, type FileFacts, factsOf } from "../shared/copy-file.ts";
import { GROUP_LOG_FILE, STORE_FILE } from "./copies/layout.ts";
import { locked } from "./copies/locked.ts";
import { damageOf, refuseDamaged } from "./damage.ts";
import { type Database, openDatabase } from "./database.ts";
import { migrateGroupLog, newestGroupLogStep } from "./group-log/schema.ts";
import { leavingRows } from "./move-out/rows.ts";
import { leaveMovedNote, movedNote } from "./moved-note.ts";
import { migrate, newestStep } from "./schema.ts";

/**
 * All that is kept in a data folder, for another store. The folder itself is only read: its database is copied beside it with
 * what its log still holds, and the copy is brought up to date. No Placard can start there until it is closed.
 *
 * @throws Error for the operator while a Placard is at work there, and where there is nothing to move
 */
export async function moveOut(dataDir: string, work: CopyWork): Promise<Outgoing> {
  if (!existsSync(join(dataDir, STORE_FILE)))
    throw new Error(`there is nothing to move in ${dataDir}: no Placard has been started with this folder yet`);
  const unlock = locked(dataDir, "move");
  const before = movedNote(dataDir);
  const copy = `${dataDir}.moving.part`;
  try {
    await rm(copy, { recursive: true, force: true });
    const originals = await copied(dataDir, copy, work);
    broughtUpToDate(join(copy, STORE_FILE), dataDir, migrate);
    const log = join(copy, GROUP_LOG_FILE);
    const hasLog = existsSync(log);
    if (hasLog) broughtUpToDate(log, dataDir, migrateGroupLog);
    const rows = leavingRows(join(copy, STORE_FILE), hasLog ? log : undefined, dataDir);
    return {
      ...rows,
      state: sumOf([newestStep, newestGroupLogStep, originals]),
      picturesDir: join(dataDir, "pictures"),
      uploadsDir: join(dataDir, UPLOADS_FOLDER),
      documentsDir: join(dataDir, "documents"),
      async unchanged() {
        if (sumOf(await factsOfAll(dataDir)) !== sumOf(originals))
          throw new Error(
            `the files in ${dataDir} were changed by something while they were moved: run it again, and leave them alone meanwhile`,
          );
      },
      ...(before ? { leftFor: before.movedTo } : {}),
      leaveFor: (movedTo, atMs) => leaveMovedNote(dataDir, { movedTo, atMs }),
      async close() {
        rows.close();
        await rm(copy, { recursive: true, force: true });
        unlock();
      },
    };
  } catch (error) {
    await rm(copy, { recursive: true, force: true });
    unlock();
    throw damageOf(join(dataDir, STORE_FILE), error);
  }
}

/** What SQLite may keep of a database; the index of its log it makes anew. */
const PARTS = [STORE_FILE, GROUP_LOG_FILE].flatMap((file) => ["", "-wal", "-journal"].map((end) => `${file}${end}`));
/** Beside the log. */
const UPLOADS_FOLDER = "webchat/uploads";

type Facts = readonly (readonly [path: string, facts: FileFacts])[];

const sumOf = (what: unknown): string => createHash("sha256").update(JSON.stringify(what)).digest("hex");

async function copied(dataDir: string, copy: string, { signal, tell }: CopyWork): Promise<Facts> {
  const found: [string, FileFacts][] = [];
  const parts = PARTS.filter((path) => existsSync(join(dataDir, path)));
  for (const [done, path] of parts.entries()) {
    signal.throwIfAborted();
    tell({ doing: "database", done, total: parts.length });
    const to = join(copy, path);
    await mkdir(dirname(to), { recursive: true, mode: 0o700 });
    found.push([path, await copyFile(join(dataDir, path), to)]);
  }
  return found;
}

async function factsOfAll(dataDir: string): Promise<Facts> {
  const found: [string, FileFacts][] = [];
  for (const path of PARTS) if (existsSync(join(dataDir, path))) found.push([path, await factsOf(join(dataDir, path))]);
  return found;
}

/** @param dataDir where it came from, to be named in what is wrong with it */
function broughtUpToDate(file: string, dataDir: string, steps: (db: Database) => void): void {
  refuseDamaged(file);
  const db = openDatabase(file);
  try {
    steps(db);
    const sound = db.query<{ readonly integrity_check: string }>("PRAGMA integrity_check").get();
    if (sound?.integrity_check !== "ok")
      throw new Error(`the database in ${dataDir} is damaged: SQLite's integrity check fails. Nothing was moved`);
    // As one file, of which nothing is left to be written.
    db.exec("PRAGMA journal_mode = DELETE");
  } finally {
    db.close();
  }
}
