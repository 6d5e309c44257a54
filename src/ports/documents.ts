import type { BrandColours } from "../domain/brand.ts";
import type { DocumentKind, PrintWish } from "../domain/document.ts";
import type { LetteringFont, SetLettering } from "../domain/lettering.ts";
import type { SourceType } from "../domain/source-type.ts";

/** One picture as a document needs it. Bytes are read when its turn comes: forty originals at once do not fit. */
export interface DocumentPicture {
  readonly imageId: string;
  /** As in its chat. */
  readonly number: number;
  /** For those who do not see it. */
  readonly alt: string;
  /** What it was asked for with: what its file is named after. Absent: as `alt`. */
  readonly words?: string;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Path of the original PNG, with its recipe and with what is lettered over it. */
  readonly originalPath: string;
  /** How it came about; absent: nothing is to be said of that. */
  readonly made?: SourceType;
  /** Unix ms; absent: nobody says. */
  readonly madeAtMs?: number;
  /** Path of the same without the words, and how they were set: paper gets vectors. Absent: none stand over it. */
  readonly plainPath?: string;
  readonly lettering?: SetLettering;
}

/** A page of a deck, a slide, a tile of a sheet, in its reader's language already. */
export interface DocumentPage {
  readonly heading: string;
  readonly picture?: DocumentPicture;
  /** "5 of 7 approve. Closed by the chair."; the chair's line. */
  readonly outcome: readonly string[];
  /** Who asked, who carried the vote, seed. Small. */
  readonly credits: readonly string[];
  /** Into the speaker's notes of PPTX; nowhere in a PDF. */
  readonly notes: readonly string[];
  /** Was chosen: comes first on a contact sheet, with a mark. */
  readonly chosen?: true;
}

/** Beside originals in a ZIP: `recipes.json`, `minutes.md`, `votes.csv`. */
export interface DocumentText {
  readonly name: string;
  readonly content: string;
}

interface DocumentOfAll {
  readonly title: string;
  /** "12 May 2026 · 9 took part". */
  readonly subtitle: string;
  /** BCP 47: of the words, for screen readers and for hyphens. */
  readonly language: string;
  /** A chat's own: what decks, slides and sheets look like. */
  readonly brand?: DocumentBrand;
}
export interface DocumentBrand {
  /** Absent: Placard's own. */
  readonly colours?: BrandColours;
  /** Of headings. */
  readonly font?: LetteringFont;
  /** Path of a PNG, perhaps gone by then. */
  readonly logoPath?: string;
}

export type DocumentSpec = DocumentOfAll &
  (
    | { readonly kind: "sheet" | "deck" | "slides"; readonly pages: readonly DocumentPage[] }
    | { readonly kind: "zip"; readonly pictures: readonly DocumentPicture[]; readonly texts: readonly DocumentText[] }
    | { readonly kind: "print"; readonly picture: DocumentPicture; readonly print: PrintWish }
  );

export interface MadeDocument {
  readonly path: string;
  readonly mime: string;
  readonly sizeBytes: number;
  /** PDF: so many. */
  readonly pages?: number;
  /** Of a print: how sharp the picture is there, and what is cut off. */
  readonly print?: PrintFacts;
}

export interface PrintFacts {
  readonly dpi: number;
  /** On each of the two sides. */
  readonly cutTopAndBottomMm: number;
  readonly cutLeftAndRightMm: number;
  /** Words over the picture that are cut off, or nearer to the edge than is safe: 5 mm. Absent: they are where they should be, or it has none of its own. */
  readonly wordsAtEdge?: "cut" | "near";
}

/** Makes documents off the main thread. One at a time; who comes later waits. */
export interface DocumentMaker {
  /**
   * Writes the file to `path`, whole or not at all.
   *
   * @param onProgress pages or pictures that are ready, from 0
   * @throws DocumentError; the signal's reason
   */
  make(
    spec: DocumentSpec,
    path: string,
    options: { readonly signal: AbortSignal; readonly onProgress: (done: number, total: number) => void },
  ): Promise<MadeDocument>;
  /** Ends its worker. Safe to call twice. */
  close(): Promise<void>;
}

/** "too_large": above 2 GB, which the format does not take. "gone": a picture was deleted meanwhile. */
export class DocumentError extends Error {
  override readonly name = "DocumentError";
  readonly code: "too_large" | "gone";
  readonly kind: DocumentKind;

  constructor(code: DocumentError["code"], kind: DocumentKind, options?: { readonly cause?: unknown }) {
    super(`${kind}: ${code}`, options);
    this.code = code;
    this.kind = kind;
  }
}
