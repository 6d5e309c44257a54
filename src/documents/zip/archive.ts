import { closeSync, openSync, writeSync } from "node:fs";
import { Zip, ZipDeflate, ZipPassThrough } from "fflate";

const DEFLATE_LEVEL = 6;

/** A ZIP file on its way to the disk: written as it comes, nothing is kept but what the table at its end needs. */
export interface Archive {
  /** What is packed already, in one piece or more. */
  store(name: string, pieces: readonly Uint8Array[]): void;
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
    store(name, pieces) {
      const entry = stored(name);
      for (const [at, piece] of pieces.entries()) entry.push(piece, at === pieces.length - 1);
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
