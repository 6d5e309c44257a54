import sharp from "sharp";

// Judges a finished poster by its pixels. It knows nothing of how posters are made: it gets the picture, and where the
// program says that it put each line.

/** As the program reports it; corners in px, in turn. */
export interface ReportedLine {
  readonly text: string;
  readonly box: readonly (readonly [number, number])[];
  readonly capPx: number;
  readonly fill: string;
}

type Rgb = readonly [red: number, green: number, blue: number];

/** WCAG: large is 24 px and more, bold; capitals are some 0.7 of that. */
const LARGE_CAP_PX = 17;
const LARGE_LEAST = 3;
const SMALL_LEAST = 4.5;
/** Most pixels of small letters are edges, which are paler than the ink: that much is measured too little. */
const SMALL_MEASURED_SHARE = 0.97;
/** Smaller letters, and fine ones up to the second, may have no pixel that is all ink. */
const MEASURED_CAP_PX = 9;
const SURELY_MEASURED_CAP_PX = 14;
const PURE_LEAST_SHARE = 0.03;
/** Around the box, so that a dash has its ground beside it. */
const RIM_PX = 2;
const NEAR = 44;
const GRAIN = 18;
const GROUND_LEAST_SHARE = 0.06;
/** No edge of large letters is that much of them. */
const SURELY_GROUND_SHARE = 0.2;

const channel = (value: number): number => {
  const share = value / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
};
const luminance = ([red, green, blue]: Rgb): number =>
  0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue);
const contrast = (one: Rgb, other: Rgb): number => {
  const [low, high] = [luminance(one), luminance(other)].toSorted((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
};
const distance = (one: Rgb, other: Rgb): number =>
  Math.max(...one.map((value, at) => Math.abs(value - (other[at] ?? 0))));
const rgbOf = (hex: string): Rgb => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;

const inside = ([x, y]: readonly [number, number], box: ReportedLine["box"]): boolean => {
  const sides = box.map(([ax, ay], index) => {
    const [bx, by] = box[(index + 1) % box.length] ?? [0, 0];
    return (bx - ax) * (y - ay) - (by - ay) * (x - ax);
  });
  return sides.every((side) => side >= 0) || sides.every((side) => side <= 0);
};

/** Convex shapes are apart where some side of one has all of the other beyond it; touching is apart. */
function areApart(one: ReportedLine["box"], other: ReportedLine["box"]): boolean {
  return [one, other].some((box) =>
    box.some(([ax, ay], index) => {
      const [bx, by] = box[(index + 1) % box.length] ?? [0, 0];
      const [nx, ny] = [by - ay, ax - bx];
      const along = (points: ReportedLine["box"]) => points.map(([x, y]) => x * nx + y * ny);
      const [a, b] = [along(one), along(other)];
      const slack = 0.01 * Math.hypot(nx, ny);
      return Math.max(...a) <= Math.min(...b) + slack || Math.max(...b) <= Math.min(...a) + slack;
    }),
  );
}

/** All that is wrong with the lettering of a poster, in words; empty when nothing is. */
export async function letteringFaults(png: Uint8Array, lines: readonly ReportedLine[]): Promise<readonly string[]> {
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const faults: string[] = [];
  lines.forEach((line, index) => {
    if (line.box.some(([x, y]) => x < 0 || y < 0 || x > info.width || y > info.height))
      faults.push(`off the page: ${line.text}`);
    for (const other of lines.slice(index + 1))
      if (!areApart(line.box, other.box)) faults.push(`${line.text} over ${other.text}`);
    faults.push(...contrastFaults(data, info.width, info.height, line));
    faults.push(...placeFaults(data, info.width, info.height, line));
  });
  return faults;
}

function contrastFaults(data: Uint8Array, width: number, height: number, line: ReportedLine): readonly string[] {
  if (line.capPx < MEASURED_CAP_PX) return [];
  const bins = binsIn(data, width, height, grown(line.box));
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  const fill = rgbOf(line.fill);
  const inks = bins.filter(({ colour }) => distance(colour, fill) <= NEAR);
  const inked = inks.reduce((sum, { count }) => sum + count, 0);
  if (total < 40) return [];
  if (inked < total * 0.01 && line.capPx < SURELY_MEASURED_CAP_PX) return [];
  if (inked < total * 0.01) return [`no pixel in the ink of: ${line.text}`];
  // Edges are near the ink, too: where there is enough of it, only what the grain of paper changes.
  const pure = inks.filter(({ colour }) => distance(colour, fill) <= GRAIN);
  const pureCount = pure.reduce((sum, { count }) => sum + count, 0);
  if (pureCount < total * PURE_LEAST_SHARE && line.capPx < SURELY_MEASURED_CAP_PX) return [];
  const ink = meanOf(pure.length > 0 ? pure : inks);
  const isLarge = line.capPx >= LARGE_CAP_PX;
  const others = bins.filter((bin) => !inks.includes(bin) && bin.count >= total * GROUND_LEAST_SHARE);
  // Of small letters most pixels are edges: what stands out most is the ground between them.
  const [first] = others.toSorted((a, b) => contrast(ink, b.colour) - contrast(ink, a.colour));
  if (!first) return [];
  const grounds = others.filter(
    (bin) =>
      !isBetween(bin.colour, ink, first.colour) ||
      bin === first ||
      (isLarge && bin.count >= total * SURELY_GROUND_SHARE),
  );
  const least = isLarge ? LARGE_LEAST : SMALL_LEAST * SMALL_MEASURED_SHARE;
  const worst = Math.min(...grounds.map(({ colour }) => contrast(ink, colour)));
  return worst < least ? [`contrast ${worst.toFixed(2)} at ${line.capPx.toFixed(0)} px: ${line.text}`] : [];
}

/** Most of an edge pixel is ink. */
const INKED = 56;
/** Round letters and thin tips end a little inside of their box; a hairline, the bar of a T, is thinner than a pixel. */
const PLACE_SLACK_PX = 3;
const PLACE_SLACK_CAPS = 0.15;

/** Whether the ink is where the program says: it reaches all four sides of the box. Letters cut by the paper's edge would not. */
function placeFaults(
  data: Uint8Array,
  width: number,
  height: number,
  { box, fill, capPx, text }: ReportedLine,
): readonly string[] {
  const [a, b, , d] = box;
  if (!a || !b || !d || capPx < SURELY_MEASURED_CAP_PX) return [];
  const [along, down] = [
    [b[0] - a[0], b[1] - a[1]],
    [d[0] - a[0], d[1] - a[1]],
  ] as const;
  const [wide, high] = [Math.hypot(...along), Math.hypot(...down)];
  const ink = rgbOf(fill);
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  const [xs, ys] = [box.map(([x]) => x), box.map(([, y]) => y)];
  for (
    let y = Math.max(0, Math.floor(Math.min(...ys)) - 1);
    y <= Math.min(height - 1, Math.ceil(Math.max(...ys)));
    y++
  ) {
    for (
      let x = Math.max(0, Math.floor(Math.min(...xs)) - 1);
      x <= Math.min(width - 1, Math.ceil(Math.max(...xs)));
      x++
    ) {
      const at = (y * width + x) * 3;
      if (distance([data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0], ink) > INKED) continue;
      const [px, py] = [x + 0.5 - a[0], y + 0.5 - a[1]];
      const u = (px * along[0] + py * along[1]) / wide;
      const v = (px * down[0] + py * down[1]) / high;
      if (u < -1 || v < -1 || u > wide + 1 || v > high + 1) continue;
      left = Math.min(left, u);
      right = Math.max(right, u);
      top = Math.min(top, v);
      bottom = Math.max(bottom, v);
    }
  }
  const short = Math.max(left, top, wide - right, high - bottom);
  const slack = PLACE_SLACK_PX + capPx * PLACE_SLACK_CAPS;
  return short > slack ? [`ink ends ${short.toFixed(1)} px inside of the box of: ${text}`] : [];
}

function grown(box: ReportedLine["box"]): ReportedLine["box"] {
  const middle = [0, 1].map((axis) => box.reduce((sum, point) => sum + (point[axis as 0 | 1] ?? 0), 0) / box.length);
  return box.map(([x, y]) => {
    const [dx, dy] = [x - (middle[0] ?? 0), y - (middle[1] ?? 0)];
    return [x + Math.sign(dx) * RIM_PX, y + Math.sign(dy) * RIM_PX];
  });
}

interface Bin {
  readonly count: number;
  readonly colour: Rgb;
}

function binsIn(data: Uint8Array, width: number, height: number, box: ReportedLine["box"]): readonly Bin[] {
  const [xs, ys] = [box.map(([x]) => x), box.map(([, y]) => y)];
  const sums = new Map<number, [count: number, red: number, green: number, blue: number]>();
  for (let y = Math.max(0, Math.floor(Math.min(...ys))); y < Math.min(height, Math.ceil(Math.max(...ys))); y++) {
    for (let x = Math.max(0, Math.floor(Math.min(...xs))); x < Math.min(width, Math.ceil(Math.max(...xs))); x++) {
      if (!inside([x + 0.5, y + 0.5], box)) continue;
      const at = (y * width + x) * 3;
      const [red = 0, green = 0, blue = 0] = data.subarray(at, at + 3);
      const key = (((red + 16) >> 5) << 8) | (((green + 16) >> 5) << 4) | ((blue + 16) >> 5);
      const sum = sums.get(key) ?? [0, 0, 0, 0];
      sums.set(key, [sum[0] + 1, sum[1] + red, sum[2] + green, sum[3] + blue]);
    }
  }
  return [...sums.values()].map(([count, red, green, blue]) => ({
    count,
    colour: [red / count, green / count, blue / count],
  }));
}

function meanOf(bins: readonly Bin[]): Rgb {
  const total = bins.reduce((sum, { count }) => sum + count, 0);
  return [0, 1, 2].map(
    (at) => bins.reduce((sum, { count, colour }) => sum + (colour[at] ?? 0) * count, 0) / total,
  ) as unknown as Rgb;
}

/** Edges of letters are mixed of ink and ground. */
function isBetween(colour: Rgb, ink: Rgb, ground: Rgb): boolean {
  const along = ground.map((value, at) => value - (ink[at] ?? 0));
  const length = along.reduce((sum, value) => sum + value * value, 0);
  const share = along.reduce((sum, value, at) => sum + value * ((colour[at] ?? 0) - (ink[at] ?? 0)), 0) / length;
  const near = along.map((value, at) => (ink[at] ?? 0) + value * share) as unknown as Rgb;
  return share > -0.1 && share < 1.1 && distance(colour, near) < NEAR;
}
