import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseImageId } from "../../domain/ids.ts";
import type { PictureFiles } from "../../ports/picture-files.ts";

const INPUT_KEY = /^input\/[A-Za-z0-9_-]{16}$/;

export function createPictureFiles(folder: string): PictureFiles {
  const pathOf = (imageId: string): string => {
    if (!parseImageId(imageId)) throw new Error("not an image id");
    return join(folder, "originals", imageId.slice(0, 2), `${imageId}.png`);
  };
  const inputPathOf = (key: string): string => {
    if (!INPUT_KEY.test(key)) throw new Error("not an input key");
    return join(folder, "inputs", key.slice("input/".length));
  };
  return {
    save: (imageId, pieces) => writeWhole(pathOf(imageId), pieces),
    original: (imageId) => readIfThere(pathOf(imageId)),
    remove: (imageId) => rm(pathOf(imageId), { force: true }),
    async saveInput(jobId, bytes) {
      const key = `input/${jobId}`;
      await writeWhole(inputPathOf(key), [bytes]);
      return key;
    },
    input: (key) => readIfThere(inputPathOf(key)),
    removeInput: (key) => rm(inputPathOf(key), { force: true }),
  };
}

async function writeWhole(path: string, pieces: readonly Uint8Array[]): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const unfinished = `${path}.part`;
  try {
    const file = await open(unfinished, "w", 0o600);
    try {
      await file.writeFile(pieces);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    // On a full disk a piece of a picture would take the room of something whole.
    await rm(unfinished, { force: true });
    throw error;
  }
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
