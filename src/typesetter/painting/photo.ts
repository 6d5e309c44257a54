import { foreignImage } from "../../lib/foreign-image.ts";
import { channelsOf } from "../composition/colour.ts";
import type { Photo } from "../composition/tree.ts";
import { encodePng } from "./png.ts";

/** Larger uploads are refused by the core; this is the second lock. */
const MAX_INPUT_PIXELS = 64_000_000;
/** Screen ruling: one dot per this many pixels, on a screen turned by 45°. */
const PITCH_PX = 7;

/** The bytes cannot be decoded: the member's file is at fault. */
export class NotAPicture extends Error {
  override readonly name = "NotAPicture";
}

/**
 * A member's photo in two colours, as a halftone screen.
 *
 * @returns a PNG of the photo's rect
 * @throws NotAPicture
 */
export async function halftone(bytes: Uint8Array, photo: Photo): Promise<Uint8Array> {
  const { w, h } = photo.rect;
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
      const ink = tone < threshold(x, y) ? dark : light;
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
function threshold(x: number, y: number): number {
  const a = (((x + y) % PITCH_PX) + PITCH_PX) % PITCH_PX;
  const b = (((x - y) % PITCH_PX) + PITCH_PX) % PITCH_PX;
  const da = a - PITCH_PX / 2;
  const db = b - PITCH_PX / 2;
  return 235 - ((da * da + db * db) / ((PITCH_PX * PITCH_PX) / 2)) * 215;
}
