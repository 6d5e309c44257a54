import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { marked } from "../../domain/marked.ts";
import { hasManifest } from "../../lib/c2pa-part.ts";
import { DocumentError, type DocumentMaker, type DocumentPicture } from "../../ports/documents.ts";
import type { Signing } from "../signing/signing.ts";

type OnProgress = Parameters<DocumentMaker["make"]>[2]["onProgress"];

/**
 * Originals in a ZIP are signed as those that are asked for one by one. Signed they lie in a folder beside the document,
 * `PATH.signed`, until it is made: forty at once do not fit into memory.
 */
export function signingMaker(maker: DocumentMaker, signing: Pick<Signing, "signed">): DocumentMaker {
  return {
    async make(spec, path, options) {
      if (spec.kind !== "zip") return maker.make(spec, path, options);
      const { signal, onProgress } = options;
      const folder = `${path}.signed`;
      const total = spec.pictures.length;
      // Signing is the longer half.
      const halves: OnProgress = (done) => onProgress(Math.floor(done / 2), total);
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        const pictures: DocumentPicture[] = [];
        for (const [index, picture] of spec.pictures.entries()) {
          signal.throwIfAborted();
          pictures.push(await signedIn(join(folder, `${index}.png`), picture, signing));
          halves(index + 1, total);
        }
        return await maker.make({ ...spec, pictures }, path, {
          signal,
          onProgress: (done) => halves(total + done, total),
        });
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    close: () => maker.close(),
  };
}

/** As it is where there is nothing to say of it, or a far end has signed it. */
async function signedIn(
  path: string,
  picture: DocumentPicture,
  signing: Pick<Signing, "signed">,
): Promise<DocumentPicture> {
  const { made, madeAtMs, originalPath } = picture;
  if (made === undefined || madeAtMs === undefined) return picture;
  const original = await readFile(originalPath).catch((cause: unknown) => {
    throw new DocumentError("gone", "zip", { cause });
  });
  if (hasManifest(original)) return picture;
  await writeFile(path, await signing.signed(marked(original, made), { made, madeAtMs }));
  return { ...picture, originalPath: path };
}
