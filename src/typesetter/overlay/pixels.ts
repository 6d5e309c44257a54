import { foreignImage } from "../../lib/foreign-image.ts";
import { MAX_INPUT_PIXELS, NotAPicture } from "../painting/photo.ts";

/** Pixels of a picture, upright, 8 bits a channel, sRGB. */
export interface Pixels {
  readonly data: Uint8Array;
  readonly widthPx: number;
  readonly heightPx: number;
  /** 4 only where something shines through. */
  readonly channels: 3 | 4;
}

/** Of what is lettered: as long as the sides of an enlarged one, whose schema this thread does without. Larger ones are made smaller. */
const LETTERED_SIDE_MAX_PX = 4096;

/**
 * @param bytes PNG, JPEG, WebP or what else sharp reads
 * @throws NotAPicture
 */
export async function decode(bytes: Uint8Array): Promise<Pixels> {
  const { data, info } = await rawOf(bytes).catch((cause: unknown) => {
    throw new NotAPicture("the picture cannot be decoded", { cause });
  });
  const { width: widthPx, height: heightPx, channels } = info;
  if (channels === 3) return { data, widthPx, heightPx, channels };
  if (channels === 4)
    return isOpaque(data) ? withoutAlpha(data, widthPx, heightPx) : { data, widthPx, heightPx, channels };
  throw new NotAPicture(`a picture of ${channels} channels`);
}

const rawOf = async (bytes: Uint8Array) =>
  foreignImage(bytes, MAX_INPUT_PIXELS)
    .rotate()
    .resize({
      width: LETTERED_SIDE_MAX_PX,
      height: LETTERED_SIDE_MAX_PX,
      fit: "inside",
      withoutEnlargement: true,
      kernel: "lanczos3",
    })
    .toColourspace("srgb")
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });

function isOpaque(data: Uint8Array): boolean {
  for (let at = 3; at < data.length; at += 4) if (data[at] !== 255) return false;
  return true;
}

function withoutAlpha(rgba: Uint8Array, widthPx: number, heightPx: number): Pixels {
  const data = new Uint8Array(widthPx * heightPx * 3);
  for (let from = 0, to = 0; to < data.length; from += 4, to += 3) {
    data[to] = rgba[from] ?? 0;
    data[to + 1] = rgba[from + 1] ?? 0;
    data[to + 2] = rgba[from + 2] ?? 0;
  }
  return { data, widthPx, heightPx, channels: 3 };
}
