import { type Text, text } from "../../src/domain/text.ts";
import { foreignImage } from "../../src/lib/foreign-image.ts";
import { withXmpOf } from "../../src/lib/xmp-mark.ts";
import type { Media } from "../../src/ports/chat.ts";

const MAX_PIXELS = 40_000_000;

interface Step {
  /** What members are told about it. */
  readonly note: "discord.shown-as-webp" | "discord.shown-as-smaller-webp" | "discord.shown-as-jpeg";
  readonly mime: "image/webp" | "image/jpeg";
  readonly ending: string;
  readonly quality: number;
  /** Of the sides. */
  readonly scale: number;
}

/** The quality ladder, best first: format is given up first, then detail, then size. */
const STEPS: readonly Step[] = [
  { note: "discord.shown-as-webp", mime: "image/webp", ending: "webp", quality: 92, scale: 1 },
  { note: "discord.shown-as-webp", mime: "image/webp", ending: "webp", quality: 80, scale: 1 },
  { note: "discord.shown-as-smaller-webp", mime: "image/webp", ending: "webp", quality: 80, scale: 0.7 },
  { note: "discord.shown-as-jpeg", mime: "image/jpeg", ending: "jpg", quality: 75, scale: 0.5 },
  { note: "discord.shown-as-jpeg", mime: "image/jpeg", ending: "jpg", quality: 60, scale: 0.3 },
];

export interface Fitted {
  readonly media: Media;
  /** What members should know about it; absent when it is the picture as it was made. */
  readonly note?: Text;
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
      note: text(step.note, { size: megabytes(media.bytes.length), fits: megabytes(maxBytes) }),
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
    )
      .toBuffer()
      .then((made) => withXmpOf(bytes, made));
  } catch {
    // Not a picture that can be read: there is no smaller form of it.
    return undefined;
  }
}

/** In the unit people see beside files: 10 MiB are 10 MB to them, and to Discord's own texts. */
export const megabytes = (bytes: number): Text => text("size.megabytes", { n: bytes / 1024 / 1024 });
