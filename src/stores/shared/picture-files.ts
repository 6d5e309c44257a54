import { type FileHandle, mkdir, open as openFile, readFile, rename, rm } from "node:fs/promises";
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

// Each call waits for a thread of the pool and back, which takes longer than what the thread does: as few as can be.
async function writeWhole(path: string, pieces: readonly Uint8Array[]): Promise<void> {
  const unfinished = `${path}.part`;
  try {
    const file = await opened(unfinished);
    try {
      const { bytesWritten } = await file.writev(pieces);
      const all = pieces.reduce((sum, { length }) => sum + length, 0);
      // A disk that is nearly full takes a part, and says why with the rest.
      if (bytesWritten < all) await file.writeFile(Buffer.concat(pieces).subarray(bytesWritten));
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

/** Its folder is made when it is the first one there. */
async function opened(path: string): Promise<FileHandle> {
  const open = () => openFile(path, "w", 0o600);
  try {
    return await open();
  } catch (error) {
    if (!isAbsent(error)) throw error;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    return open();
  }
}

const isAbsent = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "ENOENT";

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}
