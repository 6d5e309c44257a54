import { type GivenImageFault, withGivenImage } from "../../domain/given-image.ts";
import { exifTexts, IMAGE_DESCRIPTION, SOFTWARE, USER_COMMENT } from "../../lib/exif-text.ts";
import { imageKind } from "../../lib/image-kind.ts";
import { type PngText, pngExif, readPngText } from "../../lib/png.ts";
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
 * The texts of a picture's file, under these keywords where it is a PNG, of which nothing is decoded. A file that is damaged or no
 * picture has none.
 */
export async function fileTexts(
  bytes: Uint8Array,
  keywords: readonly string[],
): Promise<
  | { readonly ok: true; readonly value: readonly FileText[] }
  | { readonly ok: false; readonly fault: Exclude<GivenImageFault, "kind" | "damaged"> }
> {
  if (imageKind(bytes) === "png") {
    const texts = await readPngText(bytes, [...keywords, XMP_KEYWORD]);
    const exif = pngExif(bytes);
    return { ok: true, value: [...texts.flatMap(fromPng), ...(exif ? fromExif(exif) : [])] };
  }
  const read = await withGivenImage(bytes, (image) => image.metadata());
  if (!read.ok) {
    const { fault } = read;
    return fault === "kind" || fault === "damaged" ? { ok: true, value: [] } : { ok: false, fault };
  }
  const { exif, xmp } = read.value;
  return { ok: true, value: [...(exif ? fromExif(exif) : []), ...(xmp ? fromXmp(xmp.toString("utf8")) : [])] };
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
