import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { DOCUMENT_ID } from "../../domain/ids.ts";
import type { DocumentFiles } from "../../ports/document-files.ts";

const PIECE_BYTES = 64 * 1024;

/** Files of one folder; what is being made lies in one of its own, so that what a dead process left is known. */
export function createDocumentFiles(folder: string): DocumentFiles {
  const drafts = join(folder, "making");
  const nameOf = (documentId: string): string => {
    if (!DOCUMENT_ID.test(documentId)) throw new Error("not a document id");
    return documentId;
  };
  const pathOf = (documentId: string) => join(folder, nameOf(documentId));
  const draftOf = (documentId: string, attempt: number) => join(drafts, `${nameOf(documentId)}.${attempt}`);
  const draftsThere = () => readdir(drafts).catch(() => []);
  return {
    async draft(documentId, attempt) {
      const path = draftOf(documentId, attempt);
      await mkdir(drafts, { recursive: true, mode: 0o700 });
      return path;
    },
    async keep(documentId, attempt) {
      const draft = draftOf(documentId, attempt);
      await flushed(draft, "r+");
      await rename(draft, pathOf(documentId));
      // Windows has no such call and needs none.
      if (process.platform !== "win32") await flushed(folder, "r");
    },
    async open(documentId) {
      const path = pathOf(documentId);
      const found = await stat(path).catch(() => undefined);
      if (!found?.isFile()) return undefined;
      return { sizeBytes: found.size, read: (from, to) => pieces(path, from, to) };
    },
    discard: async (documentId, attempt) => rm(draftOf(documentId, attempt), { recursive: true, force: true }),
    async remove(documentId) {
      await rm(pathOf(documentId), { recursive: true, force: true });
      for (const draft of await draftsThere())
        if (draft.startsWith(`${documentId}.`)) await rm(join(drafts, draft), { recursive: true, force: true });
    },
    async tidy(beforeMs) {
      for (const draft of await draftsThere()) {
        const path = join(drafts, draft);
        const found = await stat(path).catch(() => undefined);
        if (found && found.mtimeMs < beforeMs) await rm(path, { recursive: true, force: true });
      }
    },
  };
}

/** Apart from the event loop: an archive of a gigabyte takes seconds. */
async function flushed(path: string, flags: "r" | "r+"): Promise<void> {
  const opened = await open(path, flags);
  try {
    await opened.sync();
  } finally {
    await opened.close();
  }
}

/** Opened when it is first asked for: what nobody reads holds no file. */
function pieces(path: string, from: number, to: number): ReadableStream<Uint8Array> {
  let file: FileHandle | undefined;
  let at = from;
  const end = async () => {
    const open = file;
    file = undefined;
    await open?.close();
  };
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          file ??= await open(path, "r");
          const piece = new Uint8Array(Math.min(PIECE_BYTES, to - at + 1));
          const { bytesRead } = await file.read(piece, 0, piece.length, at);
          if (bytesRead === 0) throw new Error("the file of a document became shorter");
          at += bytesRead;
          controller.enqueue(piece.subarray(0, bytesRead));
          if (at <= to) return;
          await end();
          controller.close();
        } catch (error) {
          await end();
          throw error;
        }
      },
      cancel: end,
    },
    { highWaterMark: 0 },
  );
}
