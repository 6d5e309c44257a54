import { foreignImage } from "../../lib/foreign-image.ts";
import { blankImage } from "../../lib/sharp.ts";

export const THUMB_WIDTH_PX = 320;
const MAX_PIXELS = 16_000_000;
const GRID_COLUMNS = 2;

/** Smaller ones stand where another is on its way, for a moment. */
const TO_LOOK_AT_PX = 100;

/** A WebP, at most so wide. @throws Error for what is no picture, or larger than 16 megapixels */
export const copyOf = (bytes: Uint8Array, widthPx: number): Promise<Buffer> =>
  foreignImage(bytes, MAX_PIXELS)
    .resize({ width: widthPx, withoutEnlargement: true })
    // Red on cream is what posters are made of, and what halved colours smear.
    .webp({ quality: widthPx < TO_LOOK_AT_PX ? 50 : 82, smartSubsample: true })
    .toBuffer();

/** A PNG of these pictures in two columns, row by row. @throws Error as `copyOf` */
export async function gridOf(
  pictures: readonly Uint8Array[],
  { widthPx, heightPx }: { readonly widthPx: number; readonly heightPx: number },
): Promise<Buffer> {
  const columns = Math.min(GRID_COLUMNS, pictures.length);
  const cells = await Promise.all(
    pictures.map((bytes) => foreignImage(bytes, MAX_PIXELS).resize(widthPx, heightPx).toBuffer()),
  );
  return blankImage({
    width: widthPx * columns,
    height: heightPx * Math.ceil(pictures.length / columns),
    channels: 3,
    background: "#000",
  })
    .composite(
      cells.map((input, at) => ({ input, left: (at % columns) * widthPx, top: Math.floor(at / columns) * heightPx })),
    )
    .png()
    .toBuffer();
}
