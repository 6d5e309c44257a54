import { randomBytes } from "node:crypto";
import sharp from "sharp";
import type { Media } from "../../../src/ports/chat.ts";

const raw = { width: 120, height: 120, channels: 3 as const };
export const png = await sharp(randomBytes(120 * 120 * 3), { raw })
  .png()
  .toBuffer();
export const media = async (key: string): Promise<Media | undefined> =>
  key.startsWith("picture") ? { bytes: png, mime: "image/png", fileName: "placard-12.png" } : undefined;
export const PICTURE = { key: "picture/1", alt: "a red fox", widthPx: 120, heightPx: 120 };

/** As the store gives back what it was given. */
export const stored = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
