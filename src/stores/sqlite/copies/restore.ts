import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { syncFolder } from "../../../lib/durable.ts";
import type { Backups, CopyFacts, CopyWork } from "../../../ports/backup.ts";
import { copyFile } from "../../shared/copy-file.ts";
import { GROUP_LOG_FILE, isNewer, STORE_FILE } from "./layout.ts";
import { locked } from "./locked.ts";
import { copyFacts, type Manifest, readManifest } from "./manifest.ts";

export async function facts(copy: string): Promise<CopyFacts | undefined> {
  const manifest = await readManifest(copy);
  return typeof manifest === "string" ? undefined : copyFacts(manifest);
}

/** As `Backups.restore`: first all of it beside the data folder, then two renames. */
export async function restore(
  copy: string,
  { dataDir, aside }: Parameters<Backups["restore"]>[1],
  work: CopyWork,
): Promise<CopyFacts & { readonly movedAside: boolean }> {
  const manifest = await usable(copy);
  const unlock = existsSync(dataDir) ? locked(dataDir, "restore") : () => {};
  const incoming = `${dataDir}.restoring.part`;
  try {
    try {
      await rm(incoming, { recursive: true, force: true });
      await bringIn(copy, incoming, manifest, work);
    } finally {
      // Before the renames: some systems do not rename a folder in which a file is open.
      unlock();
    }
    const movedAside = moveAside(dataDir, aside);
    renameSync(incoming, dataDir);
    syncFolder(dirname(dataDir));
    return { ...copyFacts(manifest), movedAside };
  } catch (error) {
    await rm(incoming, { recursive: true, force: true });
    throw error;
  }
}

async function usable(copy: string): Promise<Manifest> {
  const manifest = await readManifest(copy);
  if (manifest === "none")
    throw new Error(`${copy} is no copy that npm run backup made: placard-backup.json is not there`);
  if (manifest === "damaged")
    throw new Error(`${copy} is damaged: its list of files, placard-backup.json, cannot be read`);
  if (manifest === "newer" || Object.entries(manifest.databases).some(([path, version]) => isNewer(path, version)))
    throw new Error(`${copy} was made by a newer Placard than this one: update Placard, then restore it`);
  return manifest;
}

/** @throws Error when anything is not as it was when the copy was made */
async function bringIn(copy: string, incoming: string, { files, databases }: Manifest, work: CopyWork): Promise<void> {
  await mkdir(incoming, { recursive: true, mode: 0o700 });
  const folders = new Set([incoming]);
  for (const [done, { path, bytes, sha256 }] of files.entries()) {
    work.signal.throwIfAborted();
    work.tell({ doing: "files", done, total: files.length });
    const to = join(incoming, path);
    await mkdir(dirname(to), { recursive: true, mode: 0o700 });
    folders.add(dirname(to));
    const found = await copyFile(join(copy, path), to).catch((cause: unknown) => {
      if (cause instanceof Error && "code" in cause && cause.code === "ENOENT")
        throw new Error(`${copy} is damaged: ${path} is not there. Nothing was changed`, { cause });
      throw cause;
    });
    if (found.bytes !== bytes || found.sha256 !== sha256)
      throw new Error(`${copy} is damaged: ${path} is not what was copied. Nothing was changed`);
  }
  for (const path of Object.keys(databases)) checkSound(join(incoming, path), `${copy} is damaged: ${path}`);
  if (databases[GROUP_LOG_FILE] !== undefined) renameGroupLog(join(incoming, GROUP_LOG_FILE));
  for (const folder of folders) syncFolder(folder);
}

function checkSound(file: string, complaint: string): void {
  const db = new DatabaseSync(file, { readOnly: true });
  try {
    if (db.prepare("PRAGMA integrity_check").get()?.["integrity_check"] !== "ok")
      throw new Error(`${complaint} is not sound. Nothing was changed`);
  } finally {
    db.close();
  }
}

/** Tabs that are open hold on to what they saw last; of a group log by another name they ask everything anew. */
function renameGroupLog(file: string): void {
  const db = new DatabaseSync(file);
  try {
    // An older copy takes its steps with the next start: until then its tables have their first names.
    const named = db.prepare("SELECT name FROM sqlite_master WHERE name IN ('meta', 'web_meta')").get();
    db.exec(`DELETE FROM ${String(named?.["name"])} WHERE key = 'epoch'`);
  } finally {
    db.close();
  }
}

/** false: there was nothing worth keeping. */
function moveAside(dataDir: string, aside: string): boolean {
  if (!existsSync(dataDir)) return false;
  if (readdirSync(dataDir).every((name) => name === `${STORE_FILE}.lock`)) {
    rmSync(dataDir, { recursive: true });
    return false;
  }
  try {
    renameSync(dataDir, aside);
  } catch (cause) {
    throw new Error(
      `${dataDir} cannot be moved aside to ${aside}: close what uses it; where it is a disk of its own, give DATA_DIR a folder on it. Nothing was changed`,
      { cause },
    );
  }
  return true;
}
