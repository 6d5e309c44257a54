import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Resvg } from "@resvg/resvg-js";
import sharp from "sharp";

// Judges a finished poster's picture by its pixels. It knows nothing of how posters are made: it gets the picture, and which
// icon the program says that it put where; the icons it reads from their packages itself.

/** As the program reports it: the icon's square, its corners in px, in turn from the icon's own upper left. */
export interface ReportedSign {
  /** `set:name` */
  readonly name: string;
  readonly box: readonly (readonly [number, number])[];
}

export interface Pixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export async function pixelsOf(png: Uint8Array): Promise<Pixels> {
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** What grain, wear and a pale tint change at most. */
const FLAT = 40;

/**
 * Of the lower third, the share of its squares that something is in: an edge, or another colour than the one it is mostly of.
 *
 * @param below where it ends, as a share of the height: above an empty panel
 */
export function livelyShare({ data, width, height }: Pixels, below = 1): number {
  const [top, end] = [Math.floor((height * below * 2) / 3), Math.floor(height * below)];
  const side = Math.max(4, Math.round(Math.min(width, height) / 26));
  const mostly = commonest(data, width, top, end);
  let [squares, lively] = [0, 0];
  for (let y = top; y + side <= end; y += side) {
    for (let x = 0; x + side <= width; x += side) {
      squares += 1;
      let other = 0;
      for (let dy = 0; dy < side; dy++)
        for (let dx = 0; dx < side; dx++) {
          const at = ((y + dy) * width + x + dx) * 3;
          if (far(data, at, mostly)) other += 1;
        }
      if (other > side * side * 0.06) lively += 1;
    }
  }
  return lively / squares;
}

type Rgb = readonly [red: number, green: number, blue: number];

const far = (data: Uint8Array, at: number, [red, green, blue]: Rgb): boolean =>
  Math.abs((data[at] ?? 0) - red) > FLAT ||
  Math.abs((data[at + 1] ?? 0) - green) > FLAT ||
  Math.abs((data[at + 2] ?? 0) - blue) > FLAT;

function commonest(data: Uint8Array, width: number, top: number, end: number): Rgb {
  const bins = new Map<number, [count: number, red: number, green: number, blue: number]>();
  for (let at = top * width * 3; at < end * width * 3; at += 3) {
    const [red = 0, green = 0, blue = 0] = [data[at], data[at + 1], data[at + 2]];
    const key = ((red + 16) >> 5) * 4096 + ((green + 16) >> 5) * 64 + ((blue + 16) >> 5);
    const sum = bins.get(key) ?? [0, 0, 0, 0];
    bins.set(key, [sum[0] + 1, sum[1] + red, sum[2] + green, sum[3] + blue]);
  }
  const [count, red, green, blue] = [...bins.values()].toSorted((a, b) => b[0] - a[0])[0] ?? [1, 0, 0, 0];
  return [red / count, green / count, blue / count];
}

/** Smaller ones are ornaments. */
const SIDE_MIN_PX = 26;
/** Parts of an icon's outline, by their direction from its middle. */
const SECTORS = 10;
/** Those from the middle downwards, from left to right. */
const FEET: ReadonlySet<number> = new Set([6, 7, 8]);
/** Of a part's outline, how much shows an edge: grain, wear and a ring behind it take some away. */
const SHOWN_LEAST = 0.27;
const EDGE_LEAST = 26;
/** Lines drawn instead of a fill, and inks that are printed out of register, have their edges beside the icon's. */
const NEAR_PX = 2;

const SHADOW_SHARE = 0.12;
const near = (one: readonly [number, number] | undefined, other: readonly [number, number], px: number): boolean =>
  one !== undefined && Math.hypot(one[0] - other[0], one[1] - other[1]) < px;

/**
 * What is wrong with the signs of a poster, in words: an icon of which a part is not on the paper.
 *
 * @param standing on ground of their own ink, so that nothing tells where their feet end
 */
export function signFaults(pixels: Pixels, signs: readonly ReportedSign[], standing = false): readonly string[] {
  return signs.flatMap(({ name, box }, index) => {
    const [a, b, , d] = box;
    if (!a || !b || !d) return [`${name}: no place`];
    const sidePx = Math.hypot(b[0] - a[0], b[1] - a[1]);
    // A shadow, or an ink out of register, lies below the same icon.
    const isBelow = signs
      .slice(index + 1)
      .some((other) => other.name === name && near(other.box[0], a, sidePx * SHADOW_SHARE));
    if (sidePx < SIDE_MIN_PX || isBelow) return [];
    const shown = shownBySector(pixels, name, (u, v) => [
      a[0] + (b[0] - a[0]) * u + (d[0] - a[0]) * v,
      a[1] + (b[1] - a[1]) * u + (d[1] - a[1]) * v,
    ]);
    const worst = Math.min(...shown.filter((_, sector) => !(standing && FEET.has(sector))));
    return worst < SHOWN_LEAST
      ? [
          `${name} at ${a.map(Math.round).join(",")} (${Math.round(sidePx)} px): of a part only ${worst.toFixed(2)} shows`,
        ]
      : [];
  });
}

/** Of each part of an icon's outline, the share that shows an edge on the paper. Parts with little outline count as shown. */
function shownBySector(
  { data, width, height }: Pixels,
  name: string,
  place: (u: number, v: number) => readonly [number, number],
): readonly number[] {
  const counted = Array.from({ length: SECTORS }, () => ({ all: 0, shown: 0 }));
  for (const [u, v] of outlineOf(name)) {
    const [x, y] = place(u, v).map(Math.round) as [number, number];
    const sector = counted[Math.floor(((Math.atan2(v - 0.5, u - 0.5) / (2 * Math.PI) + 0.5) * SECTORS) % SECTORS)];
    if (!sector) continue;
    sector.all += 1;
    if (hasEdge(data, width, height, x, y)) sector.shown += 1;
  }
  const most = Math.max(...counted.map(({ all }) => all));
  return counted.map(({ all, shown }) => (all < most * 0.12 ? 1 : shown / all));
}

/** Whether colours differ around a point of the paper; off it nothing shows. */
function hasEdge(data: Uint8Array, width: number, height: number, x: number, y: number): boolean {
  const [low, high] = [
    [255, 255, 255],
    [0, 0, 0],
  ];
  if (x < 0 || y < 0 || x >= width || y >= height) return false;
  for (let dy = -NEAR_PX; dy <= NEAR_PX; dy++) {
    for (let dx = -NEAR_PX; dx <= NEAR_PX; dx++) {
      const [px, py] = [x + dx, y + dy];
      if (px < 0 || py < 0 || px >= width || py >= height) continue;
      for (let channel = 0; channel < 3; channel++) {
        const value = data[(py * width + px) * 3 + channel] ?? 0;
        if (value < (low[channel] ?? 0)) low[channel] = value;
        if (value > (high[channel] ?? 0)) high[channel] = value;
      }
    }
  }
  return high.some((value, channel) => value - (low[channel] ?? 0) > EDGE_LEAST);
}

const require = createRequire(import.meta.url);
const sets = new Map<string, IconSet>();
const outlines = new Map<string, readonly (readonly [number, number])[]>();
const RASTER_PX = 96;

interface IconSet {
  readonly icons: Readonly<
    Record<string, { readonly body: string; readonly width?: number; readonly height?: number }>
  >;
  readonly width?: number;
  readonly height?: number;
}

/** Points on the outer and inner outlines of an icon, as shares of its square. */
function outlineOf(name: string): readonly (readonly [number, number])[] {
  const known = outlines.get(name);
  if (known) return known;
  const [prefix = "", own = ""] = name.split(":");
  const set =
    sets.get(prefix) ??
    (JSON.parse(readFileSync(require.resolve(`@iconify-json/${prefix}/icons.json`), "utf8")) as IconSet);
  sets.set(prefix, set);
  const icon = set.icons[own];
  if (!icon) throw new Error(`no icon ${name}`);
  const [w, h] = [icon.width ?? set.width ?? 16, icon.height ?? set.height ?? 16];
  const side = Math.max(w, h);
  const box = `${(w - side) / 2} ${(h - side) / 2} ${side} ${side}`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box}" width="${RASTER_PX}" height="${RASTER_PX}">${icon.body.replaceAll("currentColor", "#000")}</svg>`;
  const { pixels } = new Resvg(svg, { font: { loadSystemFonts: false }, logLevel: "off" }).render();
  const isInk = (x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < RASTER_PX && y < RASTER_PX && (pixels[(y * RASTER_PX + x) * 4 + 3] ?? 0) > 127;
  const points: (readonly [number, number])[] = [];
  for (let y = 0; y < RASTER_PX; y++)
    for (let x = 0; x < RASTER_PX; x++)
      if (isInk(x, y) && !(isInk(x - 1, y) && isInk(x + 1, y) && isInk(x, y - 1) && isInk(x, y + 1)))
        points.push([(x + 0.5) / RASTER_PX, (y + 0.5) / RASTER_PX]);
  outlines.set(name, points);
  return points;
}
