import { readFile, stat } from "node:fs/promises";
import { strToU8 } from "fflate";
import { markedParts } from "../../domain/marked.ts";
import type { Drawn, OnProgress, ZipSpec } from "../part.ts";
import { orGone, Refusal } from "../refusal.ts";
import { openArchive } from "./archive.ts";
import { pictureNames } from "./names.ts";

/** Beyond that many programs that unpack want another format. */
const ARCHIVE_MAX_BYTES = 2_000_000_000;
/** Of the format, for each file: two headers and a trailer; its name stands there twice. */
const ENTRY_BYTES = 100;
/** How a picture came about, in XMP. */
const MARK_BYTES = 600;

/** Originals as they are given in a chat, stored as they are, for PNG is packed already; texts beside them. Nothing is written of what is too large. */
export async function writeZip(spec: ZipSpec, path: string, onProgress: OnProgress): Promise<Drawn> {
  const { pictures, texts } = spec;
  const names = pictureNames(pictures);
  let bytes = texts.reduce(
    (sum, { name, content }) => sum + strToU8(content).length + 2 * name.length + ENTRY_BYTES,
    0,
  );
  for (const [index, { originalPath }] of pictures.entries())
    bytes += (await orGone(stat(originalPath))).size + 2 * (names[index] ?? "").length + ENTRY_BYTES + MARK_BYTES;
  if (bytes > ARCHIVE_MAX_BYTES) throw new Refusal("too_large", `${bytes} bytes`);
  onProgress(0, pictures.length);
  const archive = openArchive(path);
  try {
    for (const [index, { originalPath, made }] of pictures.entries()) {
      const original = await orGone(readFile(originalPath));
      archive.store(names[index] ?? "", markedParts(original, made));
      onProgress(index + 1, pictures.length);
    }
    for (const { name, content } of texts) archive.pack(name, strToU8(content));
    archive.end();
  } finally {
    archive.close();
  }
  return { mime: "application/zip" };
}
