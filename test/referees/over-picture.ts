import sharp from "sharp";

// Judges words over a picture by pixels alone: what differs from the picture without words is what was drawn.

export interface Raster {
  readonly data: Uint8Array;
  readonly widthPx: number;
  readonly heightPx: number;
}

export async function rasterOf(file: Uint8Array): Promise<Raster> {
  const { data, info } = await sharp(file)
    .removeAlpha()
    .toColourspace("srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, widthPx: info.width, heightPx: info.height };
}

const colourAt = ({ data }: Raster, pixel: number): number =>
  ((data[pixel * 3] ?? 0) << 16) | ((data[pixel * 3 + 1] ?? 0) << 8) | (data[pixel * 3 + 2] ?? 0);

/** Every pixel that is another one now, as 1. */
export function changedPixels(before: Raster, after: Raster): Uint8Array {
  const changed = new Uint8Array(before.widthPx * before.heightPx);
  for (let pixel = 0; pixel < changed.length; pixel++)
    if (colourAt(before, pixel) !== colourAt(after, pixel)) changed[pixel] = 1;
  return changed;
}

const channel = (value: number): number => {
  const share = value / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
};
const luminance = (colour: number): number =>
  0.2126 * channel(colour >> 16) + 0.7152 * channel((colour >> 8) & 255) + 0.0722 * channel(colour & 255);
function contrast(one: number, other: number): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** A flat colour takes at least this much of what was drawn: neither edges nor a picture have one. */
const FLAT_SHARE = 0.04;

/** What was drawn with: the ink, and what was put under it. */
interface Drawn {
  readonly ink: number;
  /** Absent where letters stand on the picture itself. */
  readonly plate: number | undefined;
}

function drawnWith(before: Raster, after: Raster): Drawn | undefined {
  const { widthPx, heightPx } = before;
  const changed = changedPixels(before, after);
  const spans = new Map<number, { all: number; left: number; top: number; right: number; bottom: number }>();
  let total = 0;
  changed.forEach((is, pixel) => {
    if (is === 0) return;
    total++;
    const colour = colourAt(after, pixel);
    const [x, y] = [pixel % widthPx, Math.floor(pixel / widthPx)];
    const span = spans.get(colour) ?? { all: 0, left: x, top: y, right: x, bottom: y };
    span.all++;
    span.left = Math.min(span.left, x);
    span.right = Math.max(span.right, x);
    span.bottom = y;
    spans.set(colour, span);
  });
  const flat = [...spans].filter(([, { all }]) => all >= total * FLAT_SHARE).toSorted(([, a], [, b]) => b.all - a.all);
  const [first, second] = flat;
  if (!first) return undefined;
  // A plate reaches beyond its letters on every side, or to the picture's edge. The edges of letters are of many colours.
  const [outer, inner] = [first[1], second?.[1]];
  const isPlate =
    inner !== undefined &&
    (outer.left === 0 || outer.left < inner.left - 2) &&
    (outer.top === 0 || outer.top < inner.top - 2) &&
    (outer.right === widthPx - 1 || outer.right > inner.right + 2) &&
    (outer.bottom === heightPx - 1 || outer.bottom > inner.bottom + 2);
  return isPlate && second ? { ink: second[0], plate: first[0] } : { ink: first[0], plate: undefined };
}

function neighbours({ widthPx, heightPx }: Raster, pixel: number, far: number): readonly number[] {
  const [x, y] = [pixel % widthPx, Math.floor(pixel / widthPx)];
  const near: number[] = [];
  for (let v = y - far; v <= y + far; v++)
    for (let u = x - far; u <= x + far; u++)
      if (u >= 0 && v >= 0 && u < widthPx && v < heightPx && Math.max(Math.abs(u - x), Math.abs(v - y)) === far)
        near.push(v * widthPx + u);
  return near;
}

/** Beyond the edge, which is mixed of both. */
const RING_PX = 2;
const WINDOW_PX = 32;
const WINDOW_MIN = 24;

export interface Reading {
  /** Of the pixels beside ink, the share with at least 4.5. */
  readonly wellShare: number;
  /** The median of the worst part of the picture, of some letters' size. */
  readonly worstMedian: number;
  /** Pixels that were looked at. */
  readonly looked: number;
}

/** How the ink stands out from what lies around it on the finished picture. */
export function readingOf(before: Raster, after: Raster): Reading {
  const drawn = drawnWith(before, after);
  if (!drawn) return { wellShare: 0, worstMedian: 0, looked: 0 };
  const { ink, plate } = drawn;
  const { widthPx } = after;
  // Mixed of ink and ground is neither: an edge, or a letter thinner than a pixel.
  const isGround = (pixel: number): boolean =>
    plate === undefined ? colourAt(after, pixel) === colourAt(before, pixel) : colourAt(after, pixel) === plate;
  const inked = new Set<number>();
  for (let pixel = 0; pixel < before.widthPx * before.heightPx; pixel++)
    if (colourAt(after, pixel) === ink && colourAt(before, pixel) !== ink) inked.add(pixel);
  const ring = new Set<number>();
  for (const pixel of inked)
    for (const beside of neighbours(after, pixel, RING_PX)) if (isGround(beside)) ring.add(beside);
  const windows = new Map<string, number[]>();
  let well = 0;
  for (const pixel of ring) {
    const ratio = contrast(ink, colourAt(after, pixel));
    if (ratio >= 4.5) well++;
    const key = `${Math.floor((pixel % widthPx) / WINDOW_PX)} ${Math.floor(pixel / widthPx / WINDOW_PX)}`;
    windows.set(key, [...(windows.get(key) ?? []), ratio]);
  }
  const medians = [...windows.values()]
    .filter((ratios) => ratios.length >= WINDOW_MIN)
    .map((ratios) => ratios.toSorted((a, b) => a - b)[Math.floor(ratios.length / 2)] ?? 0);
  return { wellShare: ring.size === 0 ? 0 : well / ring.size, worstMedian: Math.min(...medians), looked: ring.size };
}
