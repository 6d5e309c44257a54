import { GrammyError, type InputFile } from "grammy";
import { z } from "zod";
import type { ModuleServices } from "../../src/ports/module.ts";

/** Telegram does not say for how long it knows a file; what is refused is uploaded again. */
const KEPT_FOR_MS = 30 * 86_400_000;
const UNKNOWN_FILE = /wrong (?:remote )?file|wrong file_id|file_reference|can't use file of type|invalid file_id/i;

const sentFile = z.object({
  photo: z.array(z.object({ file_id: z.string(), width: z.int(), height: z.int() })).optional(),
  document: z.object({ file_id: z.string() }).optional(),
});

type Kind = "photo" | "document";

/** Files that Telegram has from us already: a picture that was posted once is sent again by its id, not by its bytes. */
export interface FileIds {
  /**
   * Sends by the id where there is one, else what `upload` gives.
   *
   * @param key of a view: names these bytes for ever. `undefined`: not worth keeping, they are never shown again
   * @throws what `send` throws
   */
  send<T>(
    kind: Kind,
    key: string | undefined,
    upload: () => Promise<InputFile>,
    send: (file: InputFile | string) => Promise<T>,
  ): Promise<T>;
  /** The id of a file that Telegram has; it may have forgotten it. */
  known(kind: Kind, key: string): Promise<string | undefined>;
  /** A refusal that means just that. */
  isUnknown(description: string): boolean;
  /** What Telegram answered for a file of this key. */
  note(kind: Kind, key: string, sent: unknown): Promise<void>;
  sweep(nowMs: number): Promise<void>;
}

export function createFileIds(values: ModuleServices["values"], nowMs: () => number): FileIds {
  const ids = values("file-id", z.object({ fileId: z.string(), atMs: z.number() }));
  const nameOf = (kind: Kind, key: string) => `${kind}:${key}`;

  async function note(kind: Kind, key: string, sent: unknown): Promise<void> {
    const { photo = [], document } = sentFile.safeParse(sent).data ?? {};
    const largest = photo.toSorted((a, b) => b.width * b.height - a.width * a.height)[0];
    const fileId = kind === "photo" ? largest?.file_id : document?.file_id;
    if (fileId !== undefined) await ids.set(nameOf(kind, key), { fileId, atMs: nowMs() });
  }

  return {
    note,
    known: async (kind, key) => (await ids.get(nameOf(kind, key)))?.fileId,
    isUnknown: (description) => UNKNOWN_FILE.test(description),
    async send(kind, key, upload, send) {
      if (key === undefined) return send(await upload());
      const known = await ids.get(nameOf(kind, key));
      if (known) {
        try {
          return await send(known.fileId);
        } catch (error) {
          if (!(error instanceof GrammyError) || !UNKNOWN_FILE.test(error.description)) throw error;
          await ids.delete(nameOf(kind, key));
        }
      }
      const sent = await send(await upload());
      await note(kind, key, sent);
      return sent;
    },
    async sweep(atMs) {
      for (const [name, kept] of await ids.entries()) if (kept.atMs < atMs - KEPT_FOR_MS) await ids.delete(name);
    },
  };
}
