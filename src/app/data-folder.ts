import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmdirSync, statSync } from "node:fs";
import { chmod, lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { asError } from "../lib/error.ts";
import type { Log } from "../ports/log.ts";

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
const OTHERS = 0o077;
/** Nothing of ours lies deeper. */
const DEPTH_MAX = 8;

/** @throws Error that names DATA_DIR, when nothing can be kept there */
export function makeDataFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: FOLDER_MODE });
    // Permissions, read-only disks and containers each have their own ways to refuse: only trying tells.
    rmdirSync(mkdtempSync(join(dataDir, ".writable-")));
  } catch (cause) {
    const text =
      "settings of the core are wrong; change them in .env:\n  DATA_DIR: must be a folder that Placard may write to";
    throw new Error(text, { cause });
  }
}

/**
 * Takes everybody else's rights from the folder and from all that lies in it, whoever made it and with whatever mask. What is
 * in the folder itself is done when it returns, and with that nobody else gets any deeper; the rest follows.
 */
export function keepPrivate(dataDir: string, log: Log): Promise<void> {
  const failed = (error: unknown) =>
    log.warn("data.not_private", {
      error: asError(error),
      todo: "others on this machine may be able to read DATA_DIR: give it to the account that Placard runs as",
    });
  try {
    const root = realpathSync(dataDir);
    if ((statSync(root).mode & OTHERS) !== 0) chmodSync(root, FOLDER_MODE);
    for (const name of readdirSync(root)) {
      const path = join(root, name);
      const facts = lstatSync(path);
      if (facts.isFile() && (facts.mode & OTHERS) !== 0) chmodSync(path, FILE_MODE);
    }
    return tighten(root, 0).catch(failed);
  } catch (error) {
    failed(error);
    return Promise.resolve();
  }
}

/** Links are left alone: what they lead to may be somebody else's. */
async function tighten(folder: string, depth: number): Promise<void> {
  if (depth > DEPTH_MAX) return;
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    // Gone since it was listed.
    const facts = await lstat(path).catch(() => undefined);
    if (!facts || facts.isSymbolicLink()) continue;
    if ((facts.mode & OTHERS) !== 0 && (facts.isFile() || facts.isDirectory()))
      await chmod(path, facts.isDirectory() ? FOLDER_MODE : FILE_MODE).catch((error: unknown) => {
        if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
      });
    if (facts.isDirectory()) await tighten(path, depth + 1);
  }
}

/** Makes folders below it, on demand. */
export const folderBelow =
  (dataDir: string) =>
  (name: string): string => {
    const path = join(dataDir, name);
    mkdirSync(path, { recursive: true, mode: FOLDER_MODE });
    return path;
  };
