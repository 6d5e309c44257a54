import type { Picture } from "../../domain/job.ts";
import type { Meeting } from "../../domain/meeting.ts";
import type { Problem } from "../../domain/problem.ts";
import { text } from "../../domain/text.ts";
import type { DocumentSpec } from "../../ports/documents.ts";
import type { BorrowedPictures } from "./pictures.ts";
import type { DocumentReads } from "./reads.ts";
import type { DocumentWords } from "./words.ts";

/** What a document is made of, read when its turn has come. */
export interface Built {
  readonly spec: DocumentSpec;
  /** Of its file, with its ending. */
  readonly name: string;
  readonly pictures: number;
  /** Wanted and not in it: deleted meanwhile. */
  readonly gone: number;
  /** Its pictures are not read any more. */
  letGo(): Promise<void>;
}

/** Nothing can be made of it, and trying again changes nothing. */
export class NothingToMake extends Error {
  override readonly name = "NothingToMake";
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.code);
    this.problem = problem;
  }
}

export const GONE: Problem = { code: "not_found", text: text("problem.document.gone") };
export const MEETING_GONE: Problem = { code: "not_found", text: text("problem.document.meeting-gone") };
export const COVERED: Problem = { code: "not_allowed", text: text("problem.document.covered") };

/** What it is made with. */
export interface Making {
  readonly reads: DocumentReads;
  readonly borrowed: BorrowedPictures;
  readonly words: DocumentWords;
}

/** A meeting with the candidates of each of its items that nobody held back, oldest first. */
export interface MeetingParts {
  readonly meeting: Meeting;
  readonly pictures: readonly (readonly Picture[])[];
}
