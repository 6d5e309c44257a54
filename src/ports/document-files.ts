/**
 * Documents as files, under their ids: decks, sheets and archives are too large to be held in memory. Kept for a while only.
 * Implementations pass `test/contracts/document-files.ts`.
 */
export interface DocumentFiles {
  /** A path on this machine at which it can be made; nobody sees it there. */
  draft(documentId: string): Promise<string>;
  /** What lies at its draft's path is kept from now on. Has survived when it resolves. @throws Error when nothing is there */
  keep(documentId: string): Promise<void>;
  /** `undefined` when there is none. */
  open(documentId: string): Promise<OpenedFile | undefined>;
  /** Its draft, too. Twice is harmless. */
  remove(documentId: string): Promise<void>;
  /** What was half made when a process died goes. Before any draft of this process. */
  tidy(): Promise<void>;
}

export interface OpenedFile {
  readonly sizeBytes: number;
  /** Bytes `from` to `to`, the last one included. It opens when it is first read, and closes when it ends or is cancelled. */
  read(from: number, to: number): ReadableStream<Uint8Array>;
}
