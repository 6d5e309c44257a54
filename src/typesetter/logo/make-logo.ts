import { Resvg } from "@resvg/resvg-js";
import { GIVEN_IMAGE_MAX_PIXELS } from "../../domain/given-image.ts";
import { LOGO_MIN_PX, type Logo, type LogoFault } from "../../domain/logo.ts";
import { pngOfPixels, TooLargeImage, TooManyImages, withMembersImage } from "../../lib/foreign-image.ts";
import { imageKind } from "../../lib/image-kind.ts";
import { croppedTo, inkOf, type LogoPixels, unpremultiplied, withoutWhiteBox } from "./pixels.ts";
import { safeSvg } from "./svg-safe.ts";
import { NotALogo } from "./svg-tree.ts";

export type MadeLogo = ({ readonly ok: true } & Logo) | { readonly ok: false; readonly fault: LogoFault };

/** What is kept: sharp on the largest poster, and small enough to be read for each. */
const SIDE_MAX_PX = 1536;
const PNG_MAX_BYTES = 1024 * 1024;
const SVG_MAX_BYTES = 512 * 1024;
/** Wider or higher than that is a line. */
const ASPECT_MAX = 20;

/**
 * A logo as it is kept: a PNG of what is seen of it, without the edge of nothing around it or the white box it came in. Of an SVG
 * nothing is kept but that picture. Blocking: call it in a worker.
 */
export async function makeLogo(bytes: Uint8Array): Promise<MadeLogo> {
  try {
    return await made(withoutWhiteBox(await pixelsOf(bytes)));
  } catch (error) {
    if (error instanceof NotALogo) return { ok: false, fault: error.fault };
    if (error instanceof TooManyImages) return { ok: false, fault: "many" };
    return { ok: false, fault: error instanceof TooLargeImage ? "pixels" : "damaged" };
  }
}

async function made(pixels: LogoPixels): Promise<MadeLogo> {
  const ink = inkOf(pixels);
  if (!ink) return { ok: false, fault: "empty" };
  if (Math.max(ink.w, ink.h) < LOGO_MIN_PX) return { ok: false, fault: "small" };
  if (Math.max(ink.w / ink.h, ink.h / ink.w) > ASPECT_MAX) return { ok: false, fault: "long" };
  const { rgba, widthPx, heightPx } = croppedTo(pixels, ink);
  const png = await pngOfPixels(rgba, { width: widthPx, height: heightPx, channels: 4 });
  if (png.length <= PNG_MAX_BYTES) return { ok: true, png, widthPx, heightPx };
  // A photograph more than a logo.
  return made(await pixelsOf(png, Math.round(Math.max(widthPx, heightPx) * 0.7)));
}

async function pixelsOf(bytes: Uint8Array, sideMaxPx = SIDE_MAX_PX): Promise<LogoPixels> {
  if (!imageKind(bytes)) return svgPixels(bytes);
  const { data, info } = await withMembersImage(bytes, GIVEN_IMAGE_MAX_PIXELS, (image) =>
    image
      .rotate()
      .resize({ width: sideMaxPx, height: sideMaxPx, fit: "inside", withoutEnlargement: true })
      .toColourspace("srgb")
      .ensureAlpha()
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true }),
  );
  return { rgba: data, widthPx: info.width, heightPx: info.height };
}

function svgPixels(bytes: Uint8Array): LogoPixels {
  const source = textOf(bytes);
  if (source === undefined || !/^\s*<(?:\?xml|!--|!DOCTYPE|[\w:]*svg)/iu.test(source.slice(0, 1000)))
    throw new NotALogo("kind", "neither a picture nor an SVG");
  if (bytes.length > SVG_MAX_BYTES) throw new NotALogo("complex", "a large file");
  const image = new Resvg(safeSvg(source), { font: { loadSystemFonts: false }, logLevel: "off" }).render();
  return { rgba: unpremultiplied(image.pixels), widthPx: image.width, heightPx: image.height };
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
