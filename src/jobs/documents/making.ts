import type { DocumentFile, StoredDocument } from "../../domain/document-order.ts";
import type { Problem } from "../../domain/problem.ts";
import { text } from "../../domain/text.ts";
import { isDiskFull } from "../../lib/disk-full.ts";
import { DocumentError, type MadeDocument } from "../../ports/documents.ts";
import { type Built, NothingToMake } from "./built.ts";

/** How far one is. */
export interface Progress {
  readonly done: number;
  readonly total: number;
}

/** One try at a document, between its claim and its end. */
export interface Attempt {
  readonly document: StoredDocument;
  readonly control: AbortController;
  progress?: Progress;
}

/** What its message tells of the file. */
export const fileOf = (
  { name, pictures, gone }: Pick<Built, "name" | "pictures" | "gone">,
  { mime, sizeBytes, pages, print }: MadeDocument,
): DocumentFile => ({
  name,
  mime,
  sizeBytes,
  ...(pages === undefined ? {} : { pages }),
  pictures,
  gone,
  ...(print?.wordsAtEdge === undefined ? {} : { wordsAtEdge: print.wordsAtEdge }),
});

/** Why nothing came of it, and what to do next. */
export function problemOf(error: Error): Problem {
  if (error instanceof NothingToMake) return error.problem;
  if (isDiskFull(error)) return { code: "internal", text: text("problem.excuse.disk-full") };
  if (!(error instanceof DocumentError)) return { code: "internal", text: text("problem.document.broke") };
  switch (error.code) {
    case "too_large":
      return { code: "rejected", text: text("problem.document.too-large") };
    case "gone":
      return { code: "not_found", text: text("problem.document.changed") };
  }
}
