import { keptUntilMs } from "../../domain/document-order.ts";
import { DOCUMENT_ID } from "../../domain/ids.ts";
import type { ChatEvents, Media } from "../../ports/chat.ts";
import type { DocumentFiles } from "../../ports/document-files.ts";
import type { Store } from "../../ports/store.ts";
import type { DocumentLinks } from "./link.ts";

/** Files of documents on their way out: at once, for platforms that take them in one piece, or piece by piece. */
export interface DocumentDownloads {
  readonly file: ChatEvents["documentFile"];
  /** All of it, where it is at most so large; `undefined`: none, or larger. */
  whole(documentId: string): Promise<Media | undefined>;
}

/** More than any platform takes in one message. */
const WHOLE_MAX_BYTES = 64 * 1024 * 1024;

export function documentDownloads(deps: {
  readonly store: Pick<Store, "document">;
  readonly files: Pick<DocumentFiles, "open">;
  readonly links: Pick<DocumentLinks, "isOurs">;
  readonly nowMs: () => number;
}): DocumentDownloads {
  /** What is over is gone at its time, whatever the disk still holds. */
  async function file(documentId: string, signature?: string) {
    if (!DOCUMENT_ID.test(documentId)) return undefined;
    if (signature !== undefined && !deps.links.isOurs(documentId, signature)) return undefined;
    const document = await deps.store.document(documentId);
    const untilMs = document && keptUntilMs(document);
    if (!document?.file || untilMs === undefined || untilMs <= deps.nowMs()) return undefined;
    const opened = await deps.files.open(documentId);
    return opened && { ...opened, name: document.file.name, mime: document.file.mime };
  }

  return {
    file,
    async whole(documentId) {
      const found = await file(documentId);
      if (!found || found.sizeBytes > WHOLE_MAX_BYTES) return undefined;
      const bytes = new Uint8Array(found.sizeBytes);
      let at = 0;
      for await (const piece of found.read(0, found.sizeBytes - 1)) {
        bytes.set(piece, at);
        at += piece.length;
      }
      const ending = /\.[a-z0-9]{1,5}$/.exec(found.name)?.[0] ?? "";
      return { bytes, mime: found.mime, fileName: `placard-${documentId}${ending}` };
    },
  };
}
