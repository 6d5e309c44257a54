import type { Person } from "./block.ts";
import { DOCUMENT_KEPT_MS, type DocumentKind, type PrintWish } from "./document.ts";
import type { MessageRef, ReplyTarget } from "./place.ts";
import type { Problem } from "./problem.ts";

/** So many documents of one member wait or are made at a time: one is made after the other for everybody. */
export const DOCUMENTS_MAX_OPEN = 3;
/** Whatever ends the process each time, ends it no more often than this. */
export const DOCUMENT_MAX_LOSSES = 3;

/** How pictures came into a document: its message says which they are. */
export const PICTURES_CHOSEN = ["named", "answered", "winners", "newest"] as const;

/** Only ids: what was deleted when it is made is left out. */
export type DocumentSubject =
  | { readonly meetingId: string }
  /** All of a member's, for them alone. */
  | { readonly memberId: string }
  | { readonly imageIds: readonly string[]; readonly chosen: (typeof PICTURES_CHOSEN)[number] };

/** What somebody wants made of what. A print has one picture. */
export interface DocumentWish {
  readonly kind: DocumentKind;
  readonly of: DocumentSubject;
  /** Of a print only. */
  readonly print?: PrintWish;
}

export interface NewDocument extends DocumentWish {
  /** 16 of a-z and 0-9, derived from the update that asked for it: see `documentIdOf`. */
  readonly documentId: string;
  /** Whose answer it is, and where. */
  readonly target: ReplyTarget;
  readonly askedBy: Person;
  readonly askedAtMs: number;
  /** BCP 47: its words are in it, whoever reads the chat later. */
  readonly language: string;
}

/** What came of it, in the store of files under its id. */
export interface DocumentFile {
  /** With its ending: what people see, in any script. */
  readonly name: string;
  readonly mime: string;
  readonly sizeBytes: number;
  /** Of a PDF or slides. */
  readonly pages?: number;
  /** How many pictures are in it. */
  readonly pictures: number;
  /** So many of those that were wanted are not in it: deleted meanwhile. */
  readonly gone: number;
  /** Of a print: words that are cut off, or nearer to the edge than is safe. */
  readonly wordsAtEdge?: "cut" | "near";
}

export interface StoredDocument extends NewDocument {
  readonly state: "queued" | "running" | "done" | "failed" | "cancelled";
  readonly attempt: number;
  /** How often whoever made it was never heard of again. */
  readonly losses: number;
  readonly endedAtMs?: number;
  readonly problem?: Problem;
  /** Absent: nothing came of it yet. */
  readonly file?: DocumentFile;
  /** The file itself is no longer kept. */
  readonly forgotten?: true;
  /** Where it is shown. */
  readonly message?: MessageRef;
}

/** What is a member's own is shown to nobody else. */
export const isPersonal = ({ of }: Pick<NewDocument, "of">): boolean => "memberId" in of;

export const isOpenDocument = ({ state }: Pick<StoredDocument, "state">): boolean =>
  state === "queued" || state === "running";

/** Unix ms; `undefined`: there is nothing to keep. */
export const keptUntilMs = ({ endedAtMs, file, forgotten }: StoredDocument): number | undefined =>
  file === undefined || forgotten || endedAtMs === undefined ? undefined : endedAtMs + DOCUMENT_KEPT_MS;
