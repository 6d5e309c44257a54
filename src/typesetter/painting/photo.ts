import { channelsOf } from "../../lib/colour.ts";
import { foreignImage } from "../../lib/foreign-image.ts";
import type { Photo } from "../composition/tree.ts";
import { encodePng } from "./png.ts";

/** Larger uploads are refused by the core; this is the second lock. */
export const MAX_INPUT_PIXELS = 64_000_000;
/** Screen ruling: dots across a page's shorter side, on a screen turned by 45°. */
const DOTS_ACROSS = 119;
const PITCH_MIN_PX = 4;

/** The bytes cannot be decoded: the member's file is at fault. */
export class NotAPicture extends Error {
  override readonly name = "NotAPicture";
}

/**
 * A member's photo in two colours, as a halftone screen that belongs to the page: where the photo moves, the dots stay.
 * What draws attention stays in a crop.
 *
 * @param shorterPx side of the page
 * @returns a PNG of the photo's rect
 * @throws NotAPicture
 */
export async function halftone(bytes: Uint8Array, photo: Photo, shorterPx: number): Promise<Uint8Array> {
  const { x: left, y: top, w, h } = photo.rect;
  const pitchPx = Math.max(PITCH_MIN_PX, Math.round(shorterPx / DOTS_ACROSS));
  const grey = await foreignImage(bytes, MAX_INPUT_PIXELS)
    .rotate()
    .resize(w, h, { fit: "cover", position: "attention", kernel: "lanczos3" })
    .flatten({ background: "#ffffff" })
    .greyscale()
    .normalise()
    .raw()
    .toBuffer()
    .catch((cause: unknown) => {
      throw new NotAPicture("the picture cannot be decoded", { cause });
    });
  const dark = channelsOf(photo.dark);
  const light = channelsOf(photo.light);
  const rgba = new Uint8Array(w * h * 4);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const value = grey[y * w + x] ?? 255;
      const tone = value + (255 - value) * photo.fade;
      const ink = tone < threshold(left + x, top + y, pitchPx) ? dark : light;
      const at = (y * w + x) * 4;
      rgba[at] = ink[0];
      rgba[at + 1] = ink[1];
      rgba[at + 2] = ink[2];
      rgba[at + 3] = 255;
    }
  }
  return encodePng(rgba, w, h);
}

/** 0 to 255: how light a tone must be here to stay bare. Dots grow from the crossings of a turned grid. */
function threshold(x: number, y: number, pitchPx: number): number {
  const a = (((x + y) % pitchPx) + pitchPx) % pitchPx;
  const b = (((x - y) % pitchPx) + pitchPx) % pitchPx;
  const da = a - pitchPx / 2;
  const db = b - pitchPx / 2;
  return 235 - ((da * da + db * db) / ((pitchPx * pitchPx) / 2)) * 215;
}
