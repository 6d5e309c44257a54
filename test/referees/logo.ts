import sharp from "sharp";

// Finds a logo of one colour on a poster by its shape and colour alone, and measures what it stands on.

const channelsOf = (colour: string) => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
const linear = (value: number) => {
  const share = value / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
};
const luminance = ([r = 0, g = 0, b = 0]: readonly number[]) =>
  0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
const contrast = (one: readonly number[], other: readonly number[]) => {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
};

/** So far a pixel may be from a colour that it is of. */
const NEAR = 14;
/** Sides of a logo that are looked for, of the poster's shorter side. */
const SIZES = Array.from({ length: 16 }, (_, at) => 0.05 + at * 0.006);

interface Asked {
  /** An SVG of one colour. */
  readonly shape: Buffer;
  readonly colour: string;
  readonly ink: string;
  readonly ground: string;
}

/**
 * `pixels` of the logo where it is largest, the least `contrast` of its colour with most of what is around it, and what share of
 * the poster has one of the brand's colours.
 */
export async function logoSeen(poster: Uint8Array | undefined, { shape, colour, ink, ground }: Asked) {
  const { data, info } = await sharp(poster).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const pixel = (x: number, y: number) => [...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)];
  const isOf = (x: number, y: number, wanted: readonly number[]) =>
    pixel(x, y).every((value, at) => Math.abs(value - (wanted[at] ?? 0)) <= NEAR);
  const wanted = channelsOf(colour);
  let best = { pixels: 0, contrast: 0 };
  for (const size of SIZES) {
    const mask = await maskOf(shape, Math.round(Math.min(width, height) * size));
    for (let top = 0; top + mask.height <= height; top += 2)
      for (let left = 0; left + mask.width <= width; left += 2) {
        // A few points tell most places apart.
        if (!mask.probes.every(([x, y, isInk]) => isOf(left + x, top + y, wanted) === isInk)) continue;
        const inside = mask.ink.filter(([x, y]) => isOf(left + x, top + y, wanted)).length;
        const around = mask.around.map(([x, y]) => pixel(left + x, top + y));
        const apart = around.map((under) => contrast(under, wanted)).toSorted((a, b) => a - b);
        const outside = apart.filter((value) => value < 1.5).length;
        // Black in black has its shape everywhere: the largest that is all there, and whose surroundings are something else.
        const isWhole = inside >= mask.ink.length * 0.97 && outside <= around.length * 0.15;
        // A tenth of what is around it may be an edge.
        if (isWhole && inside > best.pixels)
          best = { pixels: inside, contrast: apart[Math.floor(apart.length * 0.1)] ?? 0 };
      }
  }
  let ours = 0;
  const colours = [channelsOf(ink), channelsOf(ground)];
  for (let y = 0; y < height; y += 3)
    for (let x = 0; x < width; x += 3) if (colours.some((each) => isOf(x, y, each))) ours += 1;
  return { ...best, brandShare: (ours * 9) / (width * height) };
}

/** Points well within a shape, and points close around it. */
async function maskOf(shape: Buffer, side: number) {
  const { data, info } = await sharp(shape)
    .trim()
    .resize(side, side, { fit: "inside" })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const alpha = (x: number, y: number) =>
    x < 0 || y < 0 || x >= width || y >= height ? 0 : (data[(y * width + x) * 4 + 3] ?? 0);
  const ink: [number, number][] = [];
  const around: [number, number][] = [];
  for (let y = 0; y < height; y += 2)
    for (let x = 0; x < width; x += 2) {
      const beside = [-1, 0, 1].flatMap((dx) => [-1, 0, 1].map((dy) => alpha(x + dx, y + dy)));
      const near = [-3, 0, 3].flatMap((dx) => [-3, 0, 3].map((dy) => alpha(x + dx, y + dy)));
      if (near.every((value) => value > 250)) ink.push([x, y]);
      else if (beside.every((value) => value === 0) && near.some((value) => value > 250)) around.push([x, y]);
    }
  const spread = (points: readonly [number, number][], isInk: boolean) =>
    [0.1, 0.35, 0.5, 0.65, 0.9].flatMap((share) => {
      const point = points[Math.floor(points.length * share)];
      return point ? [[...point, isInk] as const] : [];
    });
  return { width, height, ink, around, probes: [...spread(ink, true), ...spread(around, false)] };
}
