import { mkdirSync, mkdtempSync, rmdirSync } from "node:fs";
import { join } from "node:path";

/** @throws Error that names DATA_DIR, when nothing can be kept there */
export function makeDataFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    // Permissions, read-only disks and containers each have their own ways to refuse: only trying tells.
    rmdirSync(mkdtempSync(join(dataDir, ".writable-")));
  } catch (cause) {
    const text =
      "settings of the core are wrong; change them in .env:\n  DATA_DIR: must be a folder that Placard may write to";
    throw new Error(text, { cause });
  }
}

/** Makes folders below it, on demand. */
export const folderBelow =
  (dataDir: string) =>
  (name: string): string => {
    const path = join(dataDir, name);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  };
