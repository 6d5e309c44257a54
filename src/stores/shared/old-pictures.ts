import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { parseImageId } from "../../domain/ids.ts";

/** At the end of a file that is being written. */
export const UNFINISHED = ".part";
const AFTER_ID = /\.(?:png|plain\.png|lettering\.json|sealed)(?:\.part)?$/;

/** See `PictureFiles.writtenBefore`. */
export async function writtenBefore(
  originals: string,
  beforeMs: number,
  part: number,
  parts: number,
): Promise<readonly string[]> {
  const old: string[] = [];
  for (const folder of await namesIn(originals))
    if (partOf(folder, parts) === part) old.push(...(await oldIn(join(originals, folder), beforeMs)));
  return old;
}

/** By the name alone: folders come and go, and none may be passed over for that. */
const partOf = (folder: string, parts: number): number =>
  [...folder].reduce((sum, character) => (sum * 64 + character.charCodeAt(0)) % parts, 0);

async function oldIn(folder: string, beforeMs: number): Promise<readonly string[]> {
  const isOld = new Map<string, boolean>();
  for (const name of await namesIn(folder)) {
    const imageId = imageIdIn(name);
    const path = join(folder, name);
    const writtenMs = (await stat(path).catch(() => undefined))?.mtimeMs;
    if (imageId === undefined || writtenMs === undefined) continue;
    if (name.endsWith(UNFINISHED) && writtenMs < beforeMs) await rm(path, { force: true });
    else isOld.set(imageId, (isOld.get(imageId) ?? true) && writtenMs < beforeMs);
  }
  return [...isOld].flatMap(([imageId, old]) => (old ? [imageId] : []));
}

/** What is no file of ours is nobody's to remove. */
function imageIdIn(name: string): string | undefined {
  const imageId = name.replace(AFTER_ID, "");
  return imageId !== name && parseImageId(imageId) ? imageId : undefined;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) return [];
    throw error;
  }
}
