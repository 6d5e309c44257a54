import { Resvg } from "@resvg/resvg-js";
import type { LetteringPart, SetLettering } from "../../domain/lettering.ts";
import { type Colour, channelsOf } from "../../lib/colour.ts";
import { foreignImage } from "../../lib/foreign-image.ts";
import type { Rect } from "../composition/tree.ts";
import type { Pixels } from "./pixels.ts";
import { OUTLINE_UNITS } from "./set.ts";

type LinePart = Extract<LetteringPart, { kind: "line" }>;
type CodePart = Extract<LetteringPart, { kind: "code" }>;

const LOGO_MAX_PIXELS = 16_000_000;

/**
 * Draws a set over a picture, in place. Of another size than the set's it is scaled: a preview is the same picture, smaller.
 * What it draws is all it touches.
 *
 * @param logo bytes of the one that the set names
 */
export async function paintSet(pixels: Pixels, set: SetLettering, logo?: Uint8Array): Promise<void> {
  const sx = pixels.widthPx / set.widthPx;
  const sy = pixels.heightPx / set.heightPx;
  const area = areaOf(set, pixels, sx, sy);
  if (area) {
    const svg = svgOf(set, { x: area.x / sx, y: area.y / sy, w: area.w / sx, h: area.h / sy }, area);
    const overlay = new Resvg(svg, { font: { loadSystemFonts: false }, logLevel: "off" }).render();
    blend(pixels, overlay.pixels, area);
  }
  for (const part of set.parts) if (part.kind === "logo" && logo) await paintLogo(pixels, part.box, logo, sx, sy);
}

/** Around everything that is drawn, in whole pixels of the picture. */
function areaOf({ parts }: SetLettering, { widthPx, heightPx }: Pixels, sx: number, sy: number): Rect | undefined {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const part of parts) {
    if (part.kind === "logo") continue;
    const pad = part.kind === "line" ? 2 : 0;
    const { x, y, w, h } = part.box;
    left = Math.min(left, x - pad);
    top = Math.min(top, y - pad);
    right = Math.max(right, x + w + pad);
    bottom = Math.max(bottom, y + h + pad);
  }
  const x = Math.max(0, Math.floor(left * sx));
  const y = Math.max(0, Math.floor(top * sy));
  const w = Math.min(widthPx, Math.ceil(right * sx)) - x;
  const h = Math.min(heightPx, Math.ceil(bottom * sy)) - y;
  return w > 0 && h > 0 ? { x, y, w, h } : undefined;
}

/**
 * The set as SVG. All in it was checked against a schema: numbers, colours, and path data of ours; no text.
 *
 * @param view what of the picture is shown, in the set's px
 * @param size of what is rendered, in px
 */
function svgOf(set: SetLettering, view: Rect, size: Pick<Rect, "w" | "h">): string {
  const used = set.outlines.map((d, index) => `<path id="g${index}" d="${d}"/>`).join("");
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size.w}" height="${size.h}" viewBox="${view.x} ${view.y} ${view.w} ${view.h}" preserveAspectRatio="none"><defs>${used}</defs>${set.parts.map(partOf).join("")}</svg>`;
}

function partOf(part: LetteringPart): string {
  switch (part.kind) {
    case "plate":
      return rectOf(part.box, part.fill);
    case "line":
      return lineOf(part);
    case "code":
      return codeOf(part);
    case "logo":
      return "";
  }
}

const rectOf = ({ x, y, w, h }: Rect, fill: string): string =>
  `<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="${fill}" shape-rendering="crispEdges"/>`;

function lineOf({ glyphs, capPx, fill }: LinePart): string {
  const scale = capPx / OUTLINE_UNITS;
  const uses = glyphs.map(
    ([index, x, y]) => `<use href="#g${index}" transform="translate(${x} ${y}) scale(${scale})"/>`,
  );
  return `<g fill="${fill}">${uses.join("")}</g>`;
}

function codeOf({ box, modules }: CodePart): string {
  const step = box.w / modules.length;
  let d = "";
  modules.forEach((row, y) => {
    for (let x = 0; x < row.length; x++)
      if (row[x] === "1") d += `M${box.x + x * step} ${box.y + y * step}h${step}v${step}h${-step}z`;
  });
  return `${rectOf(box, "#ffffff")}<path d="${d}" fill="#000000" shape-rendering="crispEdges"/>`;
}

/** @param rgba of the area, premultiplied */
function blend({ data, widthPx, channels }: Pixels, rgba: Uint8Array, { x, y, w, h }: Rect): void {
  for (let row = 0, from = 0; row < h; row++) {
    let to = ((y + row) * widthPx + x) * channels;
    for (let column = 0; column < w; column++, from += 4, to += channels) {
      const alpha = rgba[from + 3] ?? 0;
      if (alpha === 0) continue;
      over(data, to, rgba, from, alpha, channels);
    }
  }
}

function over(data: Uint8Array, to: number, rgba: Uint8Array, from: number, alpha: number, channels: number): void {
  const below = channels === 4 ? (data[to + 3] ?? 255) : 255;
  const rest = ((255 - alpha) * below) / 255;
  const whole = alpha + rest;
  for (let channel = 0; channel < 3; channel++)
    data[to + channel] = Math.round(((rgba[from + channel] ?? 0) * 255 + (data[to + channel] ?? 0) * rest) / whole);
  if (channels === 4) data[to + 3] = Math.round(whole);
}

/** A picture in a box, in place. */
export async function paintLogo(pixels: Pixels, box: Rect, bytes: Uint8Array, sx = 1, sy = 1): Promise<void> {
  const w = Math.max(1, Math.round(box.w * sx));
  const h = Math.max(1, Math.round(box.h * sy));
  const rgba = await foreignImage(bytes, LOGO_MAX_PIXELS)
    .rotate()
    .resize(w, h, { fit: "contain", background: "#00000000" })
    .toColourspace("srgb")
    .ensureAlpha()
    .raw({ depth: "uchar" })
    .toBuffer();
  for (let at = 0; at < rgba.length; at += 4) {
    const alpha = rgba[at + 3] ?? 0;
    for (let channel = 0; channel < 3; channel++)
      rgba[at + channel] = Math.round(((rgba[at + channel] ?? 0) * alpha) / 255);
  }
  const x = Math.max(0, Math.min(pixels.widthPx - w, Math.round(box.x * sx)));
  const y = Math.max(0, Math.min(pixels.heightPx - h, Math.round(box.y * sy)));
  if (w <= pixels.widthPx && h <= pixels.heightPx) blend(pixels, rgba, { x, y, w, h });
}

/** One colour, in place. */
export function fillBox({ data, widthPx, heightPx, channels }: Pixels, { x, y, w, h }: Rect, fill: Colour): void {
  const colour = channelsOf(fill);
  const [left, right] = [Math.max(0, Math.round(x)), Math.min(widthPx, Math.round(x + w))];
  for (let row = Math.max(0, Math.round(y)); row < Math.min(heightPx, Math.round(y + h)); row++)
    for (let at = (row * widthPx + left) * channels; at < (row * widthPx + right) * channels; at += channels)
      data.set(colour, at);
}
