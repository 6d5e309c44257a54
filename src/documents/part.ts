import type { DocumentSpec, MadeDocument } from "../ports/documents.ts";

export type OnProgress = (done: number, total: number) => void;
/** A deck, slides, a sheet. */
export type PagesSpec = Extract<DocumentSpec, { readonly pages: unknown }>;
export type ZipSpec = Extract<DocumentSpec, { readonly kind: "zip" }>;
export type PrintSpec = Extract<DocumentSpec, { readonly kind: "print" }>;
/** What is known of a file beside where it lies. */
export type Drawn = Omit<MadeDocument, "path" | "sizeBytes">;
