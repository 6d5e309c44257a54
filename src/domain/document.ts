/** What can be made of pictures for outside the chat. */
export const DOCUMENT_KINDS = ["sheet", "deck", "slides", "zip", "print"] as const;
/** "sheet": a contact sheet, JPEG. "deck": PDF, 16:9, a page an item. "slides": the same as PPTX with notes. "zip": originals, recipes, minutes, votes. "print": PDF for paper. */
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

export const PAPERS = ["a5", "a4", "a3", "a2", "letter", "tabloid"] as const;
export type Paper = (typeof PAPERS)[number];

/** Portrait, in millimetres: ISO 216 and ANSI/ASME Y14.1. */
export const PAPER_MM: Readonly<Record<Paper, readonly [widthMm: number, heightMm: number]>> = {
  a5: [148, 210],
  a4: [210, 297],
  a3: [297, 420],
  a2: [420, 594],
  letter: [215.9, 279.4],
  tabloid: [279.4, 431.8],
};

export interface PrintWish {
  readonly paper: Paper;
  /** Over the edge on each side, so that no white is left where it is cut; 0: none. */
  readonly bleedMm: number;
  readonly cropMarks: boolean;
  /** "fill": what does not have the paper's proportions is cut off. "fit": white margins. */
  readonly fit: "fill" | "fit";
}

/** One picture of a selection holds at most so many. */
export const DOCUMENT_MAX_PICTURES = 200;
/** A file of a document is kept for so long. */
export const DOCUMENT_KEPT_MS = 7 * 86_400_000;
