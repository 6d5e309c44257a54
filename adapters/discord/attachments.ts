import { type Attachment, ChatError } from "../../src/ports/chat.ts";
import { DISCORD_API_URL } from "./settings.ts";
import type { WireMessage } from "./wire.ts";

/** Where Discord keeps files. Anything else in a message could be an address inside the network this runs in. */
const HOSTS: ReadonlySet<string> = new Set([
  "cdn.discordapp.com",
  "media.discordapp.net",
  // Copies of pictures that stand in messages by their address.
  "images-ext-1.discordapp.net",
  "images-ext-2.discordapp.net",
]);
const READ_MS = 30_000;

/**
 * Files of messages, read on demand and within the reader's limit.
 *
 * @param apiUrl a server other than Discord's keeps its files itself, on the host of its API
 */
export function attachmentsOf(apiUrl: string) {
  const own = apiUrl === DISCORD_API_URL ? undefined : new URL(apiUrl).host;

  /** @throws ChatError "gone" for an address that is not Discord's */
  function checked(address: string): URL {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    const theirs = url?.protocol === "https:" && url.port === "" && HOSTS.has(url.hostname);
    if (!url || !(theirs || (own !== undefined && url.host === own)))
      throw new ChatError("discord", "gone", "that file is not kept by Discord");
    return url;
  }

  async function read(file: WireMessage["attachments"][number], maxBytes: number): Promise<Uint8Array> {
    if (file.size > maxBytes) throw tooLarge(file.size, maxBytes);
    const url = checked(file.url);
    let response: Response;
    try {
      // A redirect would lead away from the hosts that were checked.
      response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(READ_MS) });
    } catch (thrown) {
      throw new ChatError("discord", "offline", "the attached file could not be loaded", { cause: named(thrown) });
    }
    if (response.status === 404 || response.status === 403 || response.status === 410)
      throw new ChatError("discord", "gone", "the attached file is no longer there");
    if (!response.ok || !response.body)
      throw new ChatError("discord", "offline", `the attached file answered ${response.status}`);
    return collect(response.body, maxBytes);
  }

  return (file: WireMessage["attachments"][number]): Attachment => ({
    name: file.filename,
    mime: file.content_type?.split(";")[0]?.trim() ?? "application/octet-stream",
    sizeBytes: file.size,
    read: (maxBytes) => read(file, maxBytes),
  });
}

/** What it says about its size can be wrong: the bytes are counted. */
async function collect(body: ReadableStream<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const part of body) {
      bytes += part.length;
      if (bytes > maxBytes) throw tooLarge(bytes, maxBytes);
      parts.push(part);
    }
  } catch (thrown) {
    if (thrown instanceof ChatError) throw thrown;
    throw new ChatError("discord", "offline", "the attached file broke off", { cause: named(thrown) });
  }
  return Buffer.concat(parts);
}

const tooLarge = (bytes: number, maxBytes: number) =>
  new ChatError("discord", "too_large", `an attachment of ${bytes} bytes, ${maxBytes} may come`);

/** Addresses of files are signed: only the kind of the failure goes on. */
const named = (thrown: unknown) => new Error(thrown instanceof Error ? thrown.name : "unknown failure");
