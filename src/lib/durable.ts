import { closeSync, fsyncSync, openSync } from "node:fs";

/** Returns when what the file holds has reached the disk. */
export function syncFile(path: string): void {
  sync(path, "r+");
}

/** Returns when the folder's names, renames included, have reached the disk. Windows has no such call and needs none. */
export function syncFolder(path: string): void {
  if (process.platform !== "win32") sync(path, "r");
}

function sync(path: string, flags: "r" | "r+"): void {
  const opened = openSync(path, flags);
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}
