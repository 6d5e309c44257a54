import type { DocumentMaker } from "../../ports/documents.ts";

/** Loaded with the first document: what sets pages in type is half of what Placard has. */
export function lazyDocumentMaker(): DocumentMaker {
  let opening: Promise<DocumentMaker> | undefined;
  const open = async () => (await import("../../documents/maker.ts")).createDocumentMaker();
  return {
    async make(...order) {
      opening ??= open();
      const maker = await opening;
      order[2].signal.throwIfAborted();
      return maker.make(...order);
    },
    async close() {
      await (await opening)?.close();
    },
  };
}
