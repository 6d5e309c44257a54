import { PICTURE_MAX_PIXELS } from "../../domain/recipe.ts";
import type { Size } from "../../domain/size.ts";
import { foreignImage } from "../../lib/foreign-image.ts";
import { blankImage } from "../../lib/sharp.ts";

export const THUMB_WIDTH_PX = 320;
const MAX_PIXELS = PICTURE_MAX_PIXELS;
const GRID_COLUMNS = 2;
const GROUND = "#000";

/** Smaller ones stand where another is on its way, for a moment. */
const TO_LOOK_AT_PX = 100;

/** A WebP, at most so wide. @throws Error for what is no picture, or larger than any of ours */
export const copyOf = (bytes: Uint8Array, widthPx: number): Promise<Buffer> =>
  foreignImage(bytes, MAX_PIXELS)
    .resize({ width: widthPx, withoutEnlargement: true })
    // Red on cream is what posters are made of, and what halved colours smear.
    .webp({ quality: widthPx < TO_LOOK_AT_PX ? 50 : 82, smartSubsample: true })
    .toBuffer();

/** Wide enough to be seen on a sheet of 24, in the warm red that Placard marks with. */
const FRAME = { part: 0.03, color: "#c8102e" };

/**
 * A PNG of these pictures, each of them whole on a plain ground, with a frame around those that are marked.
 *
 * @throws Error as `copyOf`
 */
export async function picksOf(
  pictures: readonly { readonly bytes: Uint8Array; readonly marked: boolean }[],
  { columns, cell }: { readonly columns: number; readonly cell: Size },
): Promise<Buffer> {
  const { widthPx, heightPx } = cell;
  const framePx = Math.round(Math.min(widthPx, heightPx) * FRAME.part);
  const cells = await Promise.all(
    pictures.map(async ({ bytes, marked }) => {
      const inset = marked ? 2 * framePx : 0;
      const whole = await foreignImage(bytes, MAX_PIXELS)
        .resize(widthPx - inset, heightPx - inset, { fit: "contain", background: GROUND })
        .flatten({ background: GROUND })
        .png()
        .toBuffer();
      return { whole, inset: inset / 2, marked };
    }),
  );
  const at = (index: number) => ({
    left: (index % columns) * widthPx,
    top: Math.floor(index / columns) * heightPx,
  });
  const frame = await blankImage({ width: widthPx, height: heightPx, channels: 3, background: FRAME.color })
    .png()
    .toBuffer();
  return blankImage({
    width: widthPx * columns,
    height: heightPx * Math.ceil(pictures.length / columns),
    channels: 3,
    background: GROUND,
  })
    .composite(
      cells.flatMap(({ whole, inset, marked }, index) => {
        const { left, top } = at(index);
        return [
          ...(marked ? [{ input: frame, left, top }] : []),
          { input: whole, left: left + inset, top: top + inset },
        ];
      }),
    )
    .png()
    .toBuffer();
}

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
    background: GROUND,
  })
    .composite(
      cells.map((input, at) => ({ input, left: (at % columns) * widthPx, top: Math.floor(at / columns) * heightPx })),
    )
    .png()
    .toBuffer();
}
