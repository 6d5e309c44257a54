/**
 * Documents as files, under their ids: decks, sheets and archives are too large to be held in memory. Kept for a while only.
 * Implementations pass `test/contracts/document-files.ts`.
 */
export interface DocumentFiles {
  /** A path on this machine at which this attempt can make it, one of its own; nobody sees it there. */
  draft(documentId: string, attempt: number): Promise<string>;
  /** What lies at this attempt's path is kept from now on. Has survived when it resolves. @throws Error when nothing is there */
  keep(documentId: string, attempt: number): Promise<void>;
  /** This attempt comes to nothing; what another keeps stays. Twice is harmless. */
  discard(documentId: string, attempt: number): Promise<void>;
  /** `undefined` when there is none. */
  open(documentId: string): Promise<OpenedFile | undefined>;
  /** Its drafts, too. Twice is harmless. */
  remove(documentId: string): Promise<void>;
  /** What was half made when a process died goes, unless somebody wrote to it after `beforeMs`, in Unix ms of the disk. */
  tidy(beforeMs: number): Promise<void>;
}

export interface OpenedFile {
  readonly sizeBytes: number;
  /** Bytes `from` to `to`, the last one included. It opens when it is first read, and closes when it ends or is cancelled. */
  read(from: number, to: number): ReadableStream<Uint8Array>;
}
