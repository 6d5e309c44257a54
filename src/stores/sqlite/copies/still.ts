import { backup, DatabaseSync } from "node:sqlite";

/** Databases that do not change for whoever copies from here, while their own program goes on writing. */
export interface Still {
  /** @throws Error when it cannot be written; an unfinished file may be there then */
  copy(file: string, to: string, tell: (done: number, total: number) => void): Promise<void>;
  release(): void;
}

/** A write of the program at work lasts milliseconds. */
const BUSY_TIMEOUT_MS = 10_000;
/** 4 MB at a time, on another thread. */
const PAGES_AT_ONCE = 1000;

/**
 * Holds several databases as they are now, all as of the same moment: writers wait while a reader is put on each, which
 * takes a few milliseconds, and a reader in WAL mode goes on seeing what it saw first.
 */
export function holdStill(files: readonly string[]): Still {
  const readers = new Map<string, DatabaseSync>();
  const writers: DatabaseSync[] = [];
  const release = () => {
    for (const db of readers.values()) db.close();
  };
  try {
    for (const file of files) {
      const writer = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
      writers.push(writer);
      writer.exec("BEGIN IMMEDIATE");
    }
    for (const file of files) {
      const reader = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS });
      readers.set(file, reader);
      // BEGIN alone reads nothing, and what is read first is what the reader goes on seeing.
      reader.exec("BEGIN; SELECT count(*) FROM sqlite_schema;");
    }
  } catch (error) {
    release();
    throw error;
  } finally {
    for (const db of writers) db.close();
  }
  return {
    async copy(file, to, tell) {
      const reader = readers.get(file);
      if (!reader) throw new Error("not held");
      await backup(reader, to, {
        rate: PAGES_AT_ONCE,
        progress: ({ totalPages, remainingPages }) => tell(totalPages - remainingPages, totalPages),
      });
    },
    release,
  };
}
