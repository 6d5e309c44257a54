import { type Attachment, ChatError } from "../../src/ports/chat.ts";
import type { Calls } from "./calls.ts";
import { Refused } from "./errors.ts";
import { LIMITS } from "./limits.ts";
import { gotFileSchema } from "./shapes.ts";
import type { FileRef } from "./updates.ts";

const READ_WITHIN_MS = 30_000;

/** Files of members, fetched from the Bot API server alone, under the reader's limit. */
export function attachmentsOf(
  files: readonly FileRef[],
  from: { readonly calls: Calls; readonly apiUrl: string; readonly token: string },
): readonly Attachment[] {
  return files.map((file) => ({
    name: file.name,
    mime: file.mime,
    sizeBytes: file.sizeBytes,
    async read(maxBytes) {
      const limit = Math.min(maxBytes, LIMITS.downloadMaxBytes);
      if (file.sizeBytes > limit) throw tooLarge(file.sizeBytes, limit);
      return read(addressOf(await pathOf(file, from.calls), from), limit);
    },
  }));
}

/** @throws ChatError "gone" where Telegram does not know the file, or no way to it */
async function pathOf({ fileId }: FileRef, calls: Calls): Promise<string> {
  const gone = (why: string) => new ChatError("telegram", "gone", why);
  const answer = await calls
    .other(undefined, "look", (api) => api.getFile(fileId))
    .catch((error: unknown) => {
      throw error instanceof Refused ? gone(error.description) : error;
    });
  const found = gotFileSchema.safeParse(answer);
  if (!found.success) throw gone("Telegram names no way to the file");
  return found.data.file_path;
}

/** @throws ChatError "gone" for a path that leads anywhere else than to the server's files of this bot */
function addressOf(path: string, { apiUrl, token }: { readonly apiUrl: string; readonly token: string }): URL {
  const folder = `${apiUrl}/file/bot${token}/`;
  const url = new URL(folder + path);
  if (!url.href.startsWith(new URL(folder).href))
    throw new ChatError("telegram", "gone", "a file outside the bot's own");
  return url;
}

async function read(url: URL, maxBytes: number): Promise<Uint8Array> {
  // The address holds the token: whatever goes wrong, it stays in here.
  const offline = () => new ChatError("telegram", "offline", "the file could not be fetched");
  const response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(READ_WITHIN_MS) }).catch(() => {
    throw offline();
  });
  if (response.status === 404) throw new ChatError("telegram", "gone", "Telegram no longer has the file");
  if (!response.ok || !response.body) throw offline();
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of response.body) {
      size += part.length;
      if (size > maxBytes) throw tooLarge(size, maxBytes);
      parts.push(part);
    }
  } catch (error) {
    throw error instanceof ChatError ? error : offline();
  }
  return Buffer.concat(parts);
}

const tooLarge = (bytes: number, maxBytes: number) =>
  new ChatError("telegram", "too_large", `a file of ${bytes} bytes, ${maxBytes} are read`);
