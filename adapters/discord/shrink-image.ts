import { foreignImage } from "../../src/lib/foreign-image.ts";
import type { Media } from "../../src/ports/chat.ts";

const MAX_PIXELS = 40_000_000;

interface Step {
  readonly label: string;
  readonly mime: "image/webp" | "image/jpeg";
  readonly ending: string;
  readonly quality: number;
  /** Of the sides. */
  readonly scale: number;
}

/** The quality ladder, best first: format is given up first, then detail, then size. */
const STEPS: readonly Step[] = [
  { label: "WebP", mime: "image/webp", ending: "webp", quality: 92, scale: 1 },
  { label: "WebP", mime: "image/webp", ending: "webp", quality: 80, scale: 1 },
  { label: "a smaller WebP", mime: "image/webp", ending: "webp", quality: 80, scale: 0.7 },
  { label: "a smaller JPEG", mime: "image/jpeg", ending: "jpg", quality: 75, scale: 0.5 },
  { label: "a smaller JPEG", mime: "image/jpeg", ending: "jpg", quality: 60, scale: 0.3 },
];

export interface Fitted {
  readonly media: Media;
  /** What members should know about it; absent when it is the picture as it was made. */
  readonly note?: string;
}

/** The best form of a picture that fits; `undefined` when none does. */
export async function fitPicture(media: Media, maxBytes: number): Promise<Fitted | undefined> {
  if (media.bytes.length <= maxBytes) return { media };
  for (const step of STEPS) {
    const bytes = await encoded(media.bytes, step);
    if (bytes === undefined) return undefined;
    if (bytes.length > maxBytes) continue;
    const fileName = `${media.fileName.replace(/\.[a-z0-9]+$/, "")}.${step.ending}`;
    return {
      media: { bytes, mime: step.mime, fileName },
      note: `shown as ${step.label}: the picture has ${megabytes(media.bytes.length)} and ${megabytes(maxBytes)} fit here`,
    };
  }
  return undefined;
}

async function encoded(bytes: Uint8Array, { mime, quality, scale }: Step): Promise<Uint8Array | undefined> {
  try {
    const image = foreignImage(bytes, MAX_PIXELS);
    const { width } = await image.metadata();
    const sized = scale === 1 ? image : image.resize({ width: Math.max(1, Math.round(width * scale)) });
    return await (mime === "image/webp"
      ? sized.webp({ quality })
      : sized.flatten({ background: "#fff" }).jpeg({ quality, mozjpeg: true })
    ).toBuffer();
  } catch {
    // Not a picture that can be read: there is no smaller form of it.
    return undefined;
  }
}

/** In the unit people see beside files: 10 MiB are 10 MB to them, and to Discord's own texts. */
export const megabytes = (bytes: number): string => `${Math.round((bytes / 1024 / 1024) * 10) / 10} MB`;
