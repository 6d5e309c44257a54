import { readFile } from "node:fs/promises";
import { basename, resolve, sep } from "node:path";
import type { Branding } from "../../domain/lettering.ts";
import { marked } from "../../domain/marked.ts";
import type { SourceType } from "../../domain/source-type.ts";
import type { Style } from "../../domain/style.ts";
import type { Media } from "../../ports/chat.ts";
import { copyOf, THUMB_WIDTH_PX } from "./derived-images.ts";

// Pictures that are nobody's: what a style, a template or a brand looks like.

const PREVIEW_MAX_BYTES = 8 * 1024 * 1024;

export interface Examples {
  readonly styles: ReadonlyMap<string, Style>;
  /** Where the styles' picture files are. */
  readonly previewFolder: string;
  /** Draws a style's example where its gallery names no picture file. */
  readonly drawStyle: (style: Style) => Promise<Uint8Array | undefined>;
  /** Draws the template of this id with its own examples; `undefined`: there is none. */
  readonly drawTemplate: (templateId: string) => Promise<Uint8Array | undefined>;
  /** Draws what pictures with these colours, font and logo look like. */
  readonly drawBrand: (brand: Branding) => Promise<Uint8Array | undefined>;
}

export async function stylePreview(
  { previewFolder, drawStyle, styles }: Pick<Examples, "previewFolder" | "drawStyle" | "styles">,
  styleId: string,
): Promise<Media | undefined> {
  const style = styles.get(styleId);
  if (!style) return undefined;
  const file =
    style.preview === undefined || /^[a-z]+:/i.test(style.preview) ? undefined : resolve(previewFolder, style.preview);
  // Only files beside the gallery: a gallery file from elsewhere must not show this machine's pictures.
  const own = file?.startsWith(resolve(previewFolder) + sep) ? await readFile(file).catch(() => undefined) : undefined;
  const bytes = own && own.length <= PREVIEW_MAX_BYTES ? own : await drawStyle(style);
  return bytes && smallCopy(bytes, basename(style.id), own ? undefined : "algorithmicMedia");
}

export async function brandSample({ drawBrand }: Pick<Examples, "drawBrand">, brand: Branding) {
  const bytes = await drawBrand(brand);
  return bytes && { bytes: marked(bytes, "algorithmicMedia"), mime: "image/png", fileName: "placard-brand.png" };
}

export async function templatePreview({ drawTemplate }: Pick<Examples, "drawTemplate">, templateId: string) {
  const bytes = await drawTemplate(templateId);
  return bytes && smallCopy(bytes, templateId, "algorithmicMedia");
}

const smallCopy = async (bytes: Uint8Array, name: string, made: SourceType | undefined): Promise<Media> => ({
  bytes: marked(await copyOf(bytes, THUMB_WIDTH_PX), made),
  mime: "image/webp",
  fileName: `${name}.webp`,
});
