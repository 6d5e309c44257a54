import { chmodSync, existsSync, readdirSync, renameSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { syncFile, syncFolder } from "../../../lib/durable.ts";
import type { CopyWork, MadeCopy } from "../../../ports/backup.ts";
import { copyFile, factsOf, filesBelow } from "../../shared/copy-file.ts";
import { besideOriginal, isDatabase, isNewer, isPassing, originalOf, STORE_FILE } from "./layout.ts";
import { type CopiedFile, copyFacts, writeManifest } from "./manifest.ts";
import { checkPictures } from "./pictures.ts";
import { holdStill } from "./still.ts";

/** As `Backups.backup`. */
export async function backup(dataDir: string, into: string, work: CopyWork): Promise<MadeCopy> {
  if (!existsSync(join(dataDir, STORE_FILE)))
    throw new Error(`there is nothing to copy in ${dataDir}: no Placard has been started with this folder yet`);
  if (existsSync(into)) throw new Error(`${into} is there already: choose another folder`);
  const unfinished = `${into}.part`;
  await mkdir(dirname(into), { recursive: true, mode: 0o700 });
  await mkdir(unfinished, { mode: 0o700 });
  try {
    const made = await fill(dataDir, unfinished, work);
    for (const folder of foldersIn(unfinished)) syncFolder(folder);
    renameSync(unfinished, into);
    syncFolder(dirname(into));
    return made;
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error;
  }
}

/**
 * The databases first: a row is written after the file it names, so that every file named is there to be copied. Files of
 * pictures that are finished meanwhile come along without a row, which harms nothing: those pictures are made again.
 */
async function fill(dataDir: string, copy: string, work: CopyWork): Promise<MadeCopy> {
  const databases = await copyDatabases(dataDir, copy, work);
  const files: CopiedFile[] = [];
  const others = (await filesBelow(dataDir)).filter((path) => !isDatabase(path) && !isPassing(path));
  for (const [done, path] of others.entries()) {
    work.signal.throwIfAborted();
    work.tell({ doing: "files", done, total: others.length });
    const to = join(copy, path);
    await mkdir(dirname(to), { recursive: true, mode: 0o700 });
    try {
      files.push({ path, ...(await copyFile(join(dataDir, path), to)) });
    } catch (error) {
      // Removed since it was listed; whether a row of the copy misses it is seen below.
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    }
  }
  const { pictures, missing, damaged, forgotten } = await checkPictures(dataDir, copy, work);
  const gone = new Set(forgotten.flatMap((imageId) => [originalOf(imageId), ...besideOriginal(imageId)]));
  for (const path of gone) await rm(join(copy, path), { force: true });
  const kept = files.filter(({ path }) => !gone.has(path));
  for (const path of Object.keys(databases.versions)) kept.push({ path, ...(await sealed(copy, path)) });
  const manifest = { madeAtMs: databases.madeAtMs, pictures, databases: databases.versions, files: kept };
  await writeManifest(copy, manifest);
  return { ...copyFacts({ placardBackup: 1, store: "sqlite", ...manifest }), missing, damaged };
}

async function copyDatabases(dataDir: string, copy: string, { signal, tell, nowMs }: CopyWork) {
  const paths = (await filesBelow(dataDir)).filter((path) => isDatabase(path) && !isPassing(path));
  const still = holdStill(paths.map((path) => join(dataDir, path)));
  const madeAtMs = nowMs();
  const versions: Record<string, number> = {};
  try {
    for (const path of paths) {
      signal.throwIfAborted();
      tell({ doing: "database", done: 0, total: 1 });
      const to = join(copy, path);
      await mkdir(dirname(to), { recursive: true, mode: 0o700 });
      await still.copy(join(dataDir, path), to, (done, total) => tell({ doing: "database", done, total }));
      versions[path] = checkedVersion(to, path);
    }
  } finally {
    still.release();
  }
  return { madeAtMs, versions };
}

/** @throws Error when the copy is not sound, or was written by a newer Placard, whose rows this one cannot check */
function checkedVersion(file: string, path: string): number {
  const db = new DatabaseSync(file);
  try {
    // As one file, which also opens where nothing can be written beside it.
    db.exec("PRAGMA journal_mode = DELETE");
    if (db.prepare("PRAGMA integrity_check").get()?.["integrity_check"] !== "ok")
      throw new Error(`${path} is damaged in the data folder itself: SQLite's integrity check fails on its copy`);
    const version = Number(db.prepare("PRAGMA user_version").get()?.["user_version"]);
    if (isNewer(path, version))
      throw new Error("the data folder was written by a newer Placard: update Placard, then copy");
    return version;
  } finally {
    db.close();
  }
}

/** On the disk, and from here on unchanged. */
async function sealed(copy: string, path: string) {
  const file = join(copy, path);
  chmodSync(file, 0o600);
  syncFile(file);
  return factsOf(file);
}

const foldersIn = (folder: string): readonly string[] => [
  folder,
  ...readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name)),
];
