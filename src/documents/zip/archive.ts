import { closeSync, openSync, readSync, writeSync } from "node:fs";
import { Zip, ZipDeflate, ZipPassThrough } from "fflate";

const PIECE_BYTES = 1 << 20;
const DEFLATE_LEVEL = 6;

/** A ZIP file on its way to the disk: written as it comes, nothing is kept but what the table at its end needs. */
export interface Archive {
  /** What is packed already. */
  store(name: string, bytes: Uint8Array): void;
  /** The same, from a file. @throws what the file system says of it */
  storeFile(name: string, path: string): void;
  pack(name: string, bytes: Uint8Array): void;
  /** Safe after an error. */
  close(): void;
  /** All is in. */
  end(): void;
}

export function openArchive(path: string): Archive {
  const file = openSync(path, "wx");
  const zip = new Zip((error, piece) => {
    if (error) throw error;
    for (let at = 0; at < piece.length; ) at += writeSync(file, piece, at);
  });
  const stored = (name: string): ZipPassThrough => {
    const entry = new ZipPassThrough(name);
    zip.add(entry);
    return entry;
  };
  return {
    store: (name, bytes) => stored(name).push(bytes, true),
    storeFile(name, from) {
      const source = openSync(from, "r");
      try {
        const entry = stored(name);
        // One buffer for all its pieces: each is written before the next one is read.
        const piece = new Uint8Array(PIECE_BYTES);
        for (let bytes = -1; bytes !== 0; ) {
          bytes = readSync(source, piece);
          entry.push(piece.subarray(0, bytes), bytes === 0);
        }
      } finally {
        closeSync(source);
      }
    },
    pack(name, bytes) {
      const entry = new ZipDeflate(name, { level: DEFLATE_LEVEL });
      zip.add(entry);
      entry.push(bytes, true);
    },
    end: () => zip.end(),
    close: () => closeSync(file),
  };
}
