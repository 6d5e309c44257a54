import type { DocumentSpec, MadeDocument } from "../ports/documents.ts";

export type OnProgress = (done: number, total: number) => void;
export type SpecOf<Kind extends DocumentSpec["kind"]> = Extract<DocumentSpec, { readonly kind: Kind }>;
/** What is known of a file beside where it lies. */
export type Drawn = Omit<MadeDocument, "path" | "sizeBytes">;
