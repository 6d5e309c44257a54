import { readdir } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import type { Backups, CopyFacts } from "../../ports/backup.ts";

/** In this machine's time zone, down to the second, for names of folders: "2026-11-29-061207". */
export function stampOf(atMs: number): string {
  const at = new Date(atMs);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join("-");
  return `${day}-${two(at.getHours())}${two(at.getMinutes())}${two(at.getSeconds())}`;
}

/** Where copies go unless somebody says otherwise: beside the data folder, not in it. */
export const backupFolderOf = (dataDir: string): string => join(dirname(dataDir), "backups");

export interface FoundCopy extends CopyFacts {
  readonly folder: string;
}

/** The copies in a folder, newest first. */
export async function copiesIn(folder: string, backups: Backups): Promise<readonly FoundCopy[]> {
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(
    names.map(async (name) => {
      const facts = await backups.facts(join(folder, name));
      return facts ? [{ folder: join(folder, name), ...facts }] : [];
    }),
  );
  return found.flat().toSorted((a, b) => b.madeAtMs - a.madeAtMs);
}

/** As one would type it from here. */
export function typed(path: string): string {
  const near = relative(process.cwd(), path);
  const shown = near === "" || near.startsWith("..") ? path : near;
  return /\s/.test(shown) ? `"${shown}"` : shown;
}

const UNITS = ["bytes", "kB", "MB", "GB", "TB"] as const;

/** "311.2 MB". */
export function sizeText(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const amount = bytes / 1000 ** power;
  return `${power === 0 ? amount : amount.toFixed(1)} ${UNITS[power]}`;
}

export const holdsText = ({ pictures, files, bytes }: CopyFacts): string =>
  `${pictures} ${pictures === 1 ? "picture" : "pictures"}, ${files} ${files === 1 ? "file" : "files"}, ${sizeText(bytes)}`;
