import type { CopyWork } from "./backup.ts";

/** Whole numbers are `bigint`, others `number`. */
export type Cell = string | bigint | number | null;

export interface MovedColumn {
  readonly name: string;
  readonly kind: "text" | "integer" | "real";
}

/** A table as it leaves one store, under the names that it has in the other. */
export interface MovedTable {
  readonly name: string;
  readonly columns: readonly MovedColumn[];
  /** The columns of its primary key. */
  readonly key: readonly string[];
  readonly rows: number;
  /** The highest number that its key ever gave, where it counts by itself: also of a row that is gone. */
  readonly lastNumber?: bigint;
  /** Of the web chat's log, which the other store may leave where it is. */
  readonly ofGroupLog: boolean;
}

/** What a store keeps, as it lies there while nobody works with it. */
export interface Outgoing {
  /** Names this installation, and its copies. */
  readonly installation: string;
  /** Another one whenever anything in the rows, or how they are read, is another. */
  readonly state: string;
  /** Each after those that its rows refer to. */
  readonly tables: readonly MovedTable[];
  /** In the order of the key. @param from how many to leave out */
  rows(table: MovedTable, from: number): Iterable<readonly Cell[]>;
  /** @param text a statement of both databases that gives one whole number, named `n` */
  sum(text: string): bigint;
  /** Where its pictures are, with all that lies beside them. */
  readonly picturesDir: string;
  /** Where what members sent along in the web chat is. */
  readonly uploadsDir: string;
  /** Where the documents are that were made. */
  readonly documentsDir: string;
  /** @throws Error when it is no longer as it was when it was opened */
  unchanged(): Promise<void>;
  /** Where it was moved to before, if it was. */
  readonly leftFor?: string;
  /** Leaves word for whoever starts it again. @param where "the database at db.example.org:5432, database placard" */
  leaveFor(where: string, atMs: number): void;
  close(): Promise<void>;
}

/** A sum that was the same on both sides. */
export interface MoveSum {
  readonly what: string;
  readonly value: bigint;
}

export interface Moved {
  /** `sha256` of the rows one after the other, hex; the same on both sides. */
  readonly tables: readonly { readonly name: string; readonly rows: number; readonly sha256: string }[];
  readonly sums: readonly MoveSum[];
  /** Texts in which the other database could not keep a character: it says so by one of its own. */
  readonly altered: number;
  /** `copied` to `folder`, or left there. `lost`: numbers of pictures whose file is not there or is another one, of `looked` at. */
  readonly pictures: {
    readonly folder: string;
    readonly copied: number | "left";
    readonly looked: number;
    readonly lost: readonly number[];
  };
  /** The web chat's messages are among the rows; false: they stay in their file. */
  readonly groupLog: boolean;
  /** Of an earlier run that was cut off. */
  readonly resumed: boolean;
}

/** The way into a store for all that another one keeps. */
export interface MoveIn {
  /** "the database at db.example.org:5432, database placard" */
  readonly where: string;
  /**
   * Takes everything over. Cut off at any moment it can be called again, and goes on where it was; until it has resolved no
   * Placard starts there. When it resolves, both sides were compared, row by row.
   *
   * @throws Error in words for the operator: there is something there already, or half of another installation
   */
  receive(from: Outgoing, work: CopyWork): Promise<Moved>;
}
