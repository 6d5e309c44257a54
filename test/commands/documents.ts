import type { StoredDocument } from "../../src/domain/document-order.ts";
import type { DocumentFacts } from "../../src/views/document.ts";
import { ana, NOW_MS, PLACE } from "./context.ts";

export const documentWith = (over: Partial<StoredDocument> = {}): StoredDocument => ({
  documentId: "d".repeat(16),
  kind: "deck",
  of: { imageIds: ["abcdefghijklmnop.0", "abcdefghijklmnop.1"], chosen: "named" },
  target: { place: PLACE, memberId: ana.id },
  askedBy: { id: ana.id, name: ana.name },
  askedAtMs: NOW_MS,
  language: "en",
  state: "running",
  attempt: 1,
  losses: 0,
  ...over,
});

export const madeDocument = (over: Partial<StoredDocument> = {}): StoredDocument =>
  documentWith({
    state: "done",
    endedAtMs: NOW_MS,
    file: { name: "March.pdf", mime: "application/pdf", sizeBytes: 12_345_678, pages: 3, pictures: 2, gone: 0 },
    ...over,
  });

export const factsOf = (document: StoredDocument, over: Partial<DocumentFacts> = {}): DocumentFacts => ({
  document,
  spoiler: false,
  nowMs: NOW_MS,
  ...over,
});
