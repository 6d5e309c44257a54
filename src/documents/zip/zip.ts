import { closeSync, openSync, readSync, writeSync } from "node:fs";
import { stat } from "node:fs/promises";
import { strToU8, Zip, ZipDeflate, type ZipInputFile, ZipPassThrough } from "fflate";
import type { Drawn, OnProgress, ZipSpec } from "../part.ts";
import { orGone, Refusal } from "../refusal.ts";
import { pictureNames } from "./names.ts";

/** Beyond that many programs that unpack want another format. */
const ARCHIVE_MAX_BYTES = 2_000_000_000;
/** Of the format, for each file: two headers and a trailer; its name stands there twice. */
const ENTRY_BYTES = 100;
const PIECE_BYTES = 1 << 20;
const DEFLATE_LEVEL = 6;

/** Originals byte for byte, stored as they are, for PNG is packed already; texts beside them. Nothing is written of what is too large. */
export async function writeZip(spec: ZipSpec, path: string, onProgress: OnProgress): Promise<Drawn> {
  const { pictures, texts } = spec;
  const names = pictureNames(pictures);
  let bytes = texts.reduce(
    (sum, { name, content }) => sum + strToU8(content).length + 2 * name.length + ENTRY_BYTES,
    0,
  );
  for (const [index, { originalPath }] of pictures.entries())
    bytes += (await orGone(stat(originalPath))).size + 2 * (names[index] ?? "").length + ENTRY_BYTES;
  if (bytes > ARCHIVE_MAX_BYTES) throw new Refusal("too_large", `${bytes} bytes`);
  onProgress(0, pictures.length);
  const file = openSync(path, "wx");
  try {
    const zip = archiveInto(file);
    for (const [index, { originalPath }] of pictures.entries()) {
      await orGone(store(zip, new ZipPassThrough(names[index] ?? ""), originalPath));
      onProgress(index + 1, pictures.length);
    }
    for (const { name, content } of texts) {
      const entry = new ZipDeflate(name, { level: DEFLATE_LEVEL });
      zip.add(entry);
      entry.push(strToU8(content), true);
    }
    zip.end();
  } finally {
    closeSync(file);
  }
  return { mime: "application/zip" };
}

/** Written as it comes: nothing is kept but what the table at the end needs. */
const archiveInto = (file: number): Zip =>
  new Zip((error, piece) => {
    if (error) throw error;
    for (let at = 0; at < piece.length; ) at += writeSync(file, piece, at);
  });

async function store(zip: Zip, entry: ZipInputFile & ZipPassThrough, path: string): Promise<void> {
  const file = openSync(path, "r");
  try {
    zip.add(entry);
    // One buffer for all its pieces: each is written before the next one is read.
    const piece = new Uint8Array(PIECE_BYTES);
    for (let bytes = -1; bytes !== 0; ) {
      bytes = readSync(file, piece);
      entry.push(piece.subarray(0, bytes), bytes === 0);
    }
  } finally {
    closeSync(file);
  }
}
