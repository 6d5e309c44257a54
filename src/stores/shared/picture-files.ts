import { closeSync, fsync, mkdir, open, rename, writeFile, writev } from "node:fs";
import { access, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { logoKeyOf, parseImageId, parseLogoKey } from "../../domain/ids.ts";
import { type SetLettering, setLetteringSchema } from "../../domain/lettering.ts";
import type { BorrowedFile, PictureFiles } from "../../ports/picture-files.ts";
import { UNFINISHED, writtenBefore } from "./old-pictures.ts";

// Those that take a number for an open file: a promise's `FileHandle` costs more than the calls made with it.
const files = {
  mkdir: promisify(mkdir),
  open: promisify(open),
  writev: promisify(writev),
  writeFile: promisify(writeFile),
  fsync: promisify(fsync),
  rename: promisify(rename),
};

/** Beside an original over which words stand. */
export const PLAIN = ".plain.png";
export const SET = ".lettering.json";
/** JPEG or WebP. */
export const SEALED = ".sealed";

const INPUT_KEY = /^input\/[A-Za-z0-9_-]{16}$/;

export function createPictureFiles(folder: string): PictureFiles {
  /** @param kind of what is kept beside the original: ".plain.png" */
  const pathOf = (imageId: string, kind = ".png"): string => {
    if (!parseImageId(imageId)) throw new Error("not an image id");
    return join(folder, "originals", imageId.slice(0, 2), `${imageId}${kind}`);
  };
  const inputPathOf = (key: string): string => {
    if (!INPUT_KEY.test(key)) throw new Error("not an input key");
    return join(folder, "inputs", key.slice("input/".length));
  };
  const logoPathOf = (logoId: string): string => join(folder, "logos", `${logoId}.png`);
  /** Those that were there the last time: to ask for one in vain costs as much as making it. */
  const known = new Set<string>();

  /** @returns the number of the open file */
  async function opened(path: string): Promise<number> {
    const inFolder = dirname(path);
    const make = () => files.mkdir(inFolder, { recursive: true, mode: 0o700 });
    const openFile = () => files.open(path, "w", 0o600);
    if (known.has(inFolder))
      return openFile().catch(async (error: unknown) => {
        if (!isAbsent(error)) throw error;
        await make();
        return openFile();
      });
    await make();
    known.add(inFolder);
    return openFile();
  }

  // Each call waits for a thread of the pool and back, which takes longer than what the thread does: as few as can be.
  async function writeWhole(path: string, pieces: readonly Uint8Array[]): Promise<void> {
    const unfinished = `${path}${UNFINISHED}`;
    try {
      const file = await opened(unfinished);
      try {
        const { bytesWritten } = await files.writev(file, pieces);
        const all = pieces.reduce((sum, { length }) => sum + length, 0);
        // A disk that is nearly full takes a part, and says why with the rest.
        if (bytesWritten < all) await files.writeFile(file, Buffer.concat(pieces).subarray(bytesWritten));
        await files.fsync(file);
      } finally {
        // What it held is on the disk already: a call of its own would only take longer.
        closeSync(file);
      }
      await files.rename(unfinished, path);
    } catch (error) {
      // On a full disk a piece of a picture would take the room of something whole.
      await rm(unfinished, { force: true });
      throw error;
    }
  }

  return {
    save: (imageId, pieces) => writeWhole(pathOf(imageId), pieces),
    original: (imageId) => readIfThere(pathOf(imageId)),
    savePlain: (imageId, pieces) => writeWhole(pathOf(imageId, PLAIN), pieces),
    plain: (imageId) => readIfThere(pathOf(imageId, PLAIN)),
    saveSealed: (imageId, file) =>
      file ? writeWhole(pathOf(imageId, SEALED), [file]) : rm(pathOf(imageId, SEALED), { force: true }),
    sealed: (imageId) => readIfThere(pathOf(imageId, SEALED)),
    saveLettering: (imageId, set) => writeWhole(pathOf(imageId, SET), [Buffer.from(JSON.stringify(set))]),
    async lettering(imageId) {
      const bytes = await readIfThere(pathOf(imageId, SET));
      return bytes && setIn(bytes);
    },
    async borrow(imageId, what) {
      return borrowed(pathOf(imageId, what === "plain" ? PLAIN : ".png"));
    },
    async forgetLettering(imageId) {
      for (const kind of [PLAIN, SET]) await rm(pathOf(imageId, kind), { force: true });
    },
    async remove(imageId) {
      for (const kind of [".png", PLAIN, SET, SEALED]) await rm(pathOf(imageId, kind), { force: true });
    },
    writtenBefore: (beforeMs, part, parts) => writtenBefore(join(folder, "originals"), beforeMs, part, parts),
    async saveInput(jobId, bytes) {
      const key = `input/${jobId}`;
      await writeWhole(inputPathOf(key), [bytes]);
      return key;
    },
    input: (key) => readIfThere(inputPathOf(key)),
    removeInput: (key) => rm(inputPathOf(key), { force: true }),
    async saveLogo(logoId, png) {
      const key = logoKeyOf(logoId);
      if (parseLogoKey(key) === undefined) throw new Error("not a logo id");
      await writeWhole(logoPathOf(logoId), [png]);
      return key;
    },
    async logo(key) {
      const logoId = parseLogoKey(key);
      return logoId === undefined ? undefined : readIfThere(logoPathOf(logoId));
    },
    async borrowLogo(key) {
      const logoId = parseLogoKey(key);
      return logoId === undefined ? undefined : borrowed(logoPathOf(logoId));
    },
    async removeLogo(key) {
      const logoId = parseLogoKey(key);
      if (logoId !== undefined) await rm(logoPathOf(logoId), { force: true });
    },
  };
}

function setIn(bytes: Uint8Array): SetLettering | undefined {
  try {
    return setLetteringSchema.safeParse(JSON.parse(Buffer.from(bytes).toString("utf8"))).data;
  } catch {
    // Damaged: what was set can be set again.
    return undefined;
  }
}

async function borrowed(path: string): Promise<BorrowedFile | undefined> {
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  return isThere ? { path, letGo: async () => undefined } : undefined;
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
