import { createHmac, timingSafeEqual } from "node:crypto";
import sharp from "sharp";
import { FLAGS, URL_LIVES_MS } from "./limits.ts";
import { refusals } from "./refusal.ts";
import type { StoredFile, World } from "./world.ts";

/** A file as it was sent: one part of a multipart request, or what a member attaches. */
export interface Upload {
  readonly name: string;
  readonly mime: string;
  readonly bytes: Uint8Array;
}

/** Discord keeps letters, digits, dot, dash and underscore of a file's name. */
const storedName = (name: string): string => name.replace(/[^\p{L}\p{N}._-]+/gu, "_") || "unknown";

/** Width and height of what is a picture; nothing for what is none. */
async function pixelsOf({
  mime,
  bytes,
}: Upload): Promise<{ readonly widthPx: number; readonly heightPx: number } | undefined> {
  if (!mime.startsWith("image/")) return undefined;
  try {
    const { width, height } = await sharp(bytes).metadata();
    return { widthPx: width, heightPx: height };
  } catch {
    // Discord stores what claims to be a picture and is none, without a size.
    return undefined;
  }
}

export async function storeFile(
  world: World,
  channelId: string,
  upload: Upload,
  parts: { readonly ephemeral: boolean; readonly description?: string },
): Promise<StoredFile> {
  const file: StoredFile = {
    id: world.nextId(),
    channelId,
    filename: storedName(upload.name),
    bytes: upload.bytes,
    contentType: upload.mime,
    ...(await pixelsOf(upload)),
    ...parts,
  };
  world.files.set(file.id, file);
  return file;
}

const signature = (world: World, path: string, expires: string): string =>
  createHmac("sha256", world.secret).update(`${path}?${expires}`).digest("hex");

/** Signed, and good for a day: whoever stores it holds a dead address tomorrow. */
export function fileUrl(world: World, file: StoredFile): string {
  const folder = file.ephemeral ? "ephemeral-attachments" : "attachments";
  const path = `/${folder}/${file.channelId}/${file.id}/${encodeURIComponent(file.filename)}`;
  const nowMs = world.clock.nowMs();
  const expires = Math.floor((nowMs + URL_LIVES_MS) / 1000).toString(16);
  const issued = Math.floor(nowMs / 1000).toString(16);
  return `${world.baseUrl}/cdn${path}?ex=${expires}&is=${issued}&hm=${signature(world, path, expires)}`;
}

/** What the content network answers. @throws Refusal 404 for a forged, expired or deleted file */
export function downloadOf(world: World, path: string, query: URLSearchParams): StoredFile {
  const expires = query.get("ex") ?? "";
  const given = Buffer.from(query.get("hm") ?? "");
  const right = Buffer.from(signature(world, path, expires));
  const file = world.files.get(path.split("/")[3] ?? "");
  const signed = given.length === right.length && timingSafeEqual(given, right);
  if (!file || !signed || Number.parseInt(expires, 16) * 1000 < world.clock.nowMs()) throw refusals.notFound();
  return file;
}

export const isSpoilerName = (file: Pick<StoredFile, "filename">): boolean => file.filename.startsWith("SPOILER_");
export const isV2 = (flags: number): boolean => (flags & FLAGS.componentsV2) !== 0;
