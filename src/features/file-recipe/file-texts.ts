import { GIVEN_IMAGE_MAX_PIXELS } from "../../domain/recipe.ts";
import { exifTexts, IMAGE_DESCRIPTION, SOFTWARE, USER_COMMENT } from "../../lib/exif-text.ts";
import { TooManyImages, withMembersImage } from "../../lib/foreign-image.ts";
import { type PngText, pngExif, readPngText, sniffImage } from "../../lib/png.ts";
import { xmpText } from "../../lib/xmp-text.ts";

/** What a file says in one place. `at`: the keyword in a PNG, "exif" and the tag, or the property of XMP; in lower case. */
export interface FileText {
  readonly at: string;
  readonly text: string;
}

const XMP_KEYWORD = "XML:com.adobe.xmp";
const XMP_PROPERTIES = ["exif:UserComment", "dc:description", "tiff:ImageDescription", "xmp:CreatorTool"];
const EXIF_NAMES: Readonly<Record<number, string>> = {
  [USER_COMMENT]: "exif comment",
  [IMAGE_DESCRIPTION]: "exif description",
  [SOFTWARE]: "software",
};

/**
 * The texts of a picture's file, under these keywords where it is a PNG. A file that cannot be read has none.
 *
 * @throws TooManyImages where others are being read; of a PNG nothing is decoded
 */
export async function fileTexts(bytes: Uint8Array, keywords: readonly string[]): Promise<readonly FileText[]> {
  if (sniffImage(bytes) === "image/png") {
    const texts = await readPngText(bytes, [...keywords, XMP_KEYWORD]);
    const exif = pngExif(bytes);
    return [...texts.flatMap(fromPng), ...(exif ? fromExif(exif) : [])];
  }
  try {
    const { exif, xmp } = await withMembersImage(bytes, GIVEN_IMAGE_MAX_PIXELS, (image) => image.metadata());
    return [...(exif ? fromExif(exif) : []), ...(xmp ? fromXmp(xmp.toString("utf8")) : [])];
  } catch (error) {
    if (error instanceof TooManyImages) throw error;
    return [];
  }
}

const fromPng = ({ keyword, text }: PngText): readonly FileText[] =>
  keyword === XMP_KEYWORD ? fromXmp(text) : [{ at: keyword.toLowerCase(), text }];

const fromExif = (block: Uint8Array): readonly FileText[] =>
  exifTexts(block).map(({ tag, text }) => ({ at: EXIF_NAMES[tag] ?? `exif ${tag.toString(16)}`, text }));

const fromXmp = (packet: string): readonly FileText[] =>
  XMP_PROPERTIES.flatMap((name) => {
    const text = xmpText(packet, name);
    return text === undefined || text === "" ? [] : [{ at: name.toLowerCase(), text }];
  });
