import { verbatim } from "../../src/domain/text.ts";
import type { DocumentCards } from "../../src/jobs/documents/card.ts";

/** For where no document is asked for. */
export const noDocuments: DocumentCards = {
  card: async () => undefined,
  linked: async () => ({ text: verbatim("no document") }),
  words: async () => ({ text: verbatim("no document") }),
};
