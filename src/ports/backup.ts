/** What a copy of an installation holds. */
export interface CopyFacts {
  /** The moment whose state it is. */
  readonly madeAtMs: number;
  readonly pictures: number;
  readonly files: number;
  readonly bytes: number;
}

/** What a new copy is told about what it was made from: none of it keeps the copy from being used. */
export interface MadeCopy extends CopyFacts {
  /** Numbers of pictures whose file was not there to be copied: it had been lost before. */
  readonly missing: readonly number[];
  /** Numbers of pictures whose file is another than the one that was made. */
  readonly damaged: readonly number[];
}

export interface CopyProgress {
  readonly doing: "database" | "files" | "checking" | "rows" | "comparing";
  readonly done: number;
  readonly total: number;
}

/** A long piece of work that can be watched and given up. */
export interface CopyWork {
  readonly signal: AbortSignal;
  readonly nowMs: () => number;
  /** Called often: whoever shows it chooses how often. */
  tell(progress: CopyProgress): void;
}

/**
 * Copies of everything an installation keeps. What belongs to one only the store knows: it made the files. Errors are
 * sentences for the operator.
 */
export interface Backups {
  /**
   * Makes the folder `into` a copy of `dataDir` as it was at one moment, as a power cut would have left it. A Placard may
   * be at work there meanwhile. When it resolves, the copy is checked and on the disk; when it rejects, there is no `into`.
   *
   * @throws Error when nothing is kept in `dataDir`, when `into` is there already, or when it cannot be written
   */
  backup(dataDir: string, into: string, work: CopyWork): Promise<MadeCopy>;
  /**
   * Puts a copy in the place of `dataDir`. Everything is checked before anything changes; what was there before is moved
   * to `aside`, never removed.
   *
   * @returns `movedAside`: false where there was nothing
   * @throws Error when a Placard is at work there, when the copy is damaged or from a newer Placard
   */
  restore(
    copy: string,
    to: { readonly dataDir: string; readonly aside: string },
    work: CopyWork,
  ): Promise<CopyFacts & { readonly movedAside: boolean }>;
  /** `undefined`: this folder is no copy. */
  facts(copy: string): Promise<CopyFacts | undefined>;
}
