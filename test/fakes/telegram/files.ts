import sharp from "sharp";
import { opaque } from "./opaque.ts";
import { badRequest } from "./refusal.ts";
import type { Json } from "./world.ts";

const PHOTO_MAX_BYTES = 10 * 1024 * 1024;
const PHOTO_MAX_SIDES_PX = 10_000;
const PHOTO_MAX_RATIO = 20;
/** What bots may fetch; sending goes up to `UPLOAD_MAX_BYTES`. */
const DOWNLOAD_MAX_BYTES = 20 * 1024 * 1024;
export const UPLOAD_MAX_BYTES = 50 * 1024 * 1024;
/** "Valid for at least 1 hour": here for exactly that. */
const LINK_LIFE_MS = 3_600_000;
/** The longest sides of the copies Telegram makes. */
const PHOTO_SIDES_PX = [90, 320, 800, 1280, 2560];

interface StoredFile {
  readonly fileId: string;
  readonly uniqueId: string;
  readonly kind: "photo" | "document";
  readonly path: string;
  readonly sizeBytes: number | undefined;
  readonly bytes: () => Promise<Buffer>;
}
export interface PhotoSize {
  readonly file: StoredFile;
  readonly widthPx: number;
  readonly heightPx: number;
}
export interface StoredPhoto {
  readonly kind: "photo";
  readonly uniqueId: string;
  /** Smallest first. */
  readonly sizes: readonly PhotoSize[];
}
export interface StoredDocument {
  readonly kind: "document";
  readonly uniqueId: string;
  readonly file: StoredFile;
  readonly fileName: string | undefined;
  readonly mimeType: string | undefined;
  readonly sizeBytes: number;
}

export type Files = ReturnType<typeof createFiles>;

/** Keeps what was uploaded. Photos are scaled and encoded anew and lose their metadata; documents keep every byte. */
export function createFiles(chance: () => number, nowMs: () => number) {
  const files = new Map<string, { readonly file: StoredFile; readonly whole: StoredPhoto | StoredDocument }>();
  const linkedUntilMs = new Map<string, { readonly file: StoredFile; readonly untilMs: number }>();
  let count = 0;

  function newFile(kind: StoredFile["kind"], suffix: string, bytes: () => Promise<Buffer>, sizeBytes?: number) {
    count += 1;
    const path = `${kind}s/file_${count}${suffix}`;
    const prefix = kind === "photo" ? "AgACAgI" : "BQACAgI";
    return {
      fileId: `${prefix}${opaque(chance, 60)}`,
      uniqueId: `AQAD${opaque(chance, 12)}`,
      kind,
      path,
      sizeBytes,
      bytes,
    };
  }

  async function savePhoto(bytes: Buffer): Promise<StoredPhoto> {
    if (bytes.length === 0) throw badRequest("file must be non-empty");
    if (bytes.length > PHOTO_MAX_BYTES)
      throw badRequest(
        `file of size ${bytes.length} bytes is too big for a photo; the maximum size is ${PHOTO_MAX_BYTES} bytes`,
      );
    const { width, height } = await dimensionsOf(bytes);
    const largest = await scaled(bytes, Math.min(Math.max(width, height), PHOTO_SIDES_PX.at(-1) ?? 0));
    const longest = Math.max(largest.info.width, largest.info.height);
    const smaller = PHOTO_SIDES_PX.filter((side) => side < longest).map((side): PhotoSize => {
      const shrink = (px: number) => Math.max(1, Math.round((px * side) / longest));
      // Rarely asked for, so made when somebody does.
      const file = newFile("photo", ".jpg", async () => (await scaled(largest.data, side)).data);
      return { file, widthPx: shrink(largest.info.width), heightPx: shrink(largest.info.height) };
    });
    const file = newFile("photo", ".jpg", async () => largest.data, largest.data.length);
    const sizes = [...smaller, { file, widthPx: largest.info.width, heightPx: largest.info.height }];
    const photo: StoredPhoto = { kind: "photo", uniqueId: file.uniqueId, sizes };
    for (const size of sizes) files.set(size.file.fileId, { file: size.file, whole: photo });
    return photo;
  }

  function saveDocument(bytes: Buffer, fileName: string | undefined, mimeType: string | undefined): StoredDocument {
    if (bytes.length === 0) throw badRequest("file must be non-empty");
    const suffix = /\.[a-z0-9]{1,8}$/i.exec(fileName ?? "")?.[0] ?? "";
    const file = newFile("document", suffix, async () => bytes, bytes.length);
    const document: StoredDocument = {
      kind: "document",
      uniqueId: file.uniqueId,
      file,
      fileName,
      mimeType,
      sizeBytes: bytes.length,
    };
    files.set(file.fileId, { file, whole: document });
    return document;
  }

  return {
    savePhoto,
    saveDocument,
    /** What a bot sent before and names by its id. @throws Refusal */
    again<K extends "photo" | "document">(fileId: string, kind: K): Extract<StoredPhoto | StoredDocument, { kind: K }> {
      const known = files.get(fileId)?.whole;
      if (!known) {
        if (/^https?:\/\//i.test(fileId)) throw badRequest("failed to get HTTP URL content");
        throw badRequest("wrong file identifier/HTTP URL specified");
      }
      const named = { photo: "Photo", document: "Document" };
      if (known.kind !== kind) throw badRequest(`can't use file of type ${named[known.kind]} as ${named[kind]}`);
      // The cast says what the comparison above has shown.
      return known as Extract<StoredPhoto | StoredDocument, { kind: K }>;
    },
    async link(fileId: string): Promise<Json> {
      const file = files.get(fileId)?.file;
      if (!file) throw badRequest("invalid file_id");
      const sizeBytes = file.sizeBytes ?? (await file.bytes()).length;
      if (sizeBytes > DOWNLOAD_MAX_BYTES) throw badRequest("file is too big");
      linkedUntilMs.set(file.path, { file, untilMs: nowMs() + LINK_LIFE_MS });
      return { file_id: file.fileId, file_unique_id: file.uniqueId, file_size: sizeBytes, file_path: file.path };
    },
    /** Only after `link`, and for an hour. */
    async download(path: string): Promise<Buffer | undefined> {
      const linked = linkedUntilMs.get(path);
      return linked && linked.untilMs >= nowMs() ? linked.file.bytes() : undefined;
    },
  };
}

async function dimensionsOf(bytes: Buffer): Promise<{ width: number; height: number }> {
  const { width, height } = await sharp(bytes)
    .metadata()
    .catch(() => {
      throw badRequest("IMAGE_PROCESS_FAILED");
    });
  const ratio = Math.max(width, height) / Math.min(width, height);
  if (width + height > PHOTO_MAX_SIDES_PX || ratio > PHOTO_MAX_RATIO) throw badRequest("PHOTO_INVALID_DIMENSIONS");
  return { width, height };
}

/** Upright, without metadata and transparency, as JPEG. */
const scaled = (bytes: Buffer, longestPx: number) =>
  sharp(bytes)
    .rotate()
    .resize({ width: longestPx, height: longestPx, fit: "inside", withoutEnlargement: true })
    .flatten({ background: "white" })
    .jpeg({ quality: 87 })
    .toBuffer({ resolveWithObject: true })
    .catch(() => {
      throw badRequest("IMAGE_PROCESS_FAILED");
    });
