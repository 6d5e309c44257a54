import { readFile } from "node:fs/promises";
import type { Sharp } from "sharp";
import type { BrandColours } from "../../domain/brand.ts";
import type { SetLettering } from "../../domain/lettering.ts";
import { foreignImage } from "../../lib/foreign-image.ts";
import { imageOfPixels } from "../../lib/sharp.ts";
import type { DocumentPicture } from "../../ports/documents.ts";
import { edgesOf } from "../../typesetter/logo/edges.ts";
import { padOf, plateFor } from "../../typesetter/logo/plate.ts";
import { orGone } from "../refusal.ts";

/** What a set of lettering may measure. */
const PICTURE_MAX_PIXELS = 8192 * 8192;

/** A picture's pixels, and what of its words is to be drawn over them. */
export interface ReadPicture {
  readonly image: Sharp;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly lettering?: SetLettering;
}

/** As it is shown in the chat, words and all. @throws Refusal where it is gone */
export async function readWhole({ originalPath }: DocumentPicture): Promise<ReadPicture> {
  const bytes = await orGone(readFile(originalPath));
  return { image: opaque(bytes), ...(await sizeOf(bytes)) };
}

/** Without the words where they can be drawn as vectors; else as `readWhole`. */
export async function readPlain(picture: DocumentPicture): Promise<ReadPicture> {
  const { plainPath, lettering } = picture;
  const plain = plainPath === undefined || !lettering ? undefined : await unlessMissing(readFile(plainPath));
  if (!plain || !lettering) return readWhole(picture);
  const size = await sizeOf(plain);
  return { image: await withLogos(plain, picture, lettering, size), ...size, lettering };
}

async function sizeOf(bytes: Uint8Array): Promise<Pick<ReadPicture, "widthPx" | "heightPx">> {
  const { width, height } = await foreignImage(bytes, PICTURE_MAX_PIXELS).metadata();
  return { widthPx: width, heightPx: height };
}

const opaque = (bytes: Uint8Array): Sharp =>
  foreignImage(bytes, PICTURE_MAX_PIXELS).flatten({ background: "#ffffff" }).toColourspace("srgb");

/** Logos are no outlines: they come from the picture as it was lettered. */
async function withLogos(
  plain: Uint8Array,
  { originalPath }: DocumentPicture,
  set: SetLettering,
  { widthPx, heightPx }: Pick<ReadPicture, "widthPx" | "heightPx">,
): Promise<Sharp> {
  const logos = set.parts.flatMap((part) => (part.kind === "logo" ? [part.box] : []));
  if (logos.length === 0) return opaque(plain);
  const original = await orGone(readFile(originalPath));
  const [sx, sy] = [widthPx / set.widthPx, heightPx / set.heightPx];
  const pieces = await Promise.all(
    logos.map(async ({ x, y, w, h }) => {
      const left = Math.max(0, Math.floor(x * sx));
      const top = Math.max(0, Math.floor(y * sy));
      const width = Math.min(widthPx, Math.ceil((x + w) * sx)) - left;
      const height = Math.min(heightPx, Math.ceil((y + h) * sy)) - top;
      const input = await opaque(original).extract({ left, top, width, height }).png().toBuffer();
      return { input, left, top };
    }),
  );
  // In two steps: sharp would lay them on after a change of size.
  const { data, info } = await opaque(plain).composite(pieces).raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  return imageOfPixels(data, { width, height, channels });
}

async function unlessMissing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

const JPEG = { quality: 88, chromaSubsampling: "4:4:4" } as const;

/** As it is embedded: no side longer than that. PDF takes JPEG as it is; a PNG would be unpacked in JavaScript. */
export const jpegOf = (image: Sharp, sideMaxPx: number): Promise<Buffer> =>
  image.resize({ width: sideMaxPx, height: sideMaxPx, fit: "inside", withoutEnlargement: true }).jpeg(JPEG).toBuffer();

const LOGO_MAX_PX = 800;

export interface ReadLogo {
  readonly jpeg: Buffer;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Of a brand, on the ground it is to stand on; on a plate of its own where it would not be seen there. `undefined`: it is gone. */
export async function readLogo(path: string, colours: BrandColours): Promise<ReadLogo | undefined> {
  const bytes = await unlessMissing(readFile(path));
  if (!bytes) return undefined;
  const background = plateFor(await edgesOf(bytes), colours);
  const { widthPx, heightPx } = await sizeOf(bytes);
  const around = background === colours.ground ? 0 : padOf({ w: widthPx, h: heightPx });
  // Before the change of size, so that it is as wide as the picture says.
  const padded = await foreignImage(bytes, PICTURE_MAX_PIXELS)
    .flatten({ background })
    .toColourspace("srgb")
    .extend({ top: around, bottom: around, left: around, right: around, background })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = padded.info;
  const jpeg = await jpegOf(imageOfPixels(padded.data, { width, height, channels }), LOGO_MAX_PX);
  return { jpeg, widthPx: width, heightPx: height };
}
