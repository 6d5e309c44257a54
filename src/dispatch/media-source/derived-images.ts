import { foreignImage } from "../../lib/foreign-image.ts";
import { blankImage } from "../../lib/sharp.ts";

const THUMB_WIDTH_PX = 320;
const MAX_PIXELS = 16_000_000;
const GRID_COLUMNS = 2;

/** WebP, at most 320 px wide. @throws Error for what is no picture, or larger than 16 megapixels */
export const thumbnailOf = (bytes: Uint8Array): Promise<Buffer> =>
  foreignImage(bytes, MAX_PIXELS)
    .resize({ width: THUMB_WIDTH_PX, withoutEnlargement: true })
    .webp({ quality: 82 })
    .toBuffer();

/** A PNG of these pictures in two columns, row by row. @throws Error as `thumbnailOf` */
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
