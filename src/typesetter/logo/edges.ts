import { foreignImage } from "../../lib/foreign-image.ts";
import { stepsFor, TONES, toneIn, toneTables } from "../overlay/tones.ts";

/** Shares by tone, which are 1 in sum. */
export type Tones = Float64Array;

const MEASURED_SIDE_PX = 160;
const MAX_PIXELS = 16_000_000;
const INK_ALPHA = 128;
/** WCAG 2.2, 1.4.11: what is no text, and has to be seen. */
const CONTRAST_MIN = 3;
/** A logo may have parts that lie on what they are like; where more of its edge does, its shape is gone. */
const LOST_MAX = 0.3;

/** The tones of a logo's outline, where it meets what it lies on. @throws Error for what is no picture */
export async function edgesOf(logo: Uint8Array): Promise<Tones> {
  const { data, info } = await foreignImage(logo, MAX_PIXELS)
    .resize({ width: MEASURED_SIDE_PX, height: MEASURED_SIDE_PX, fit: "inside", withoutEnlargement: true })
    .toColourspace("srgb")
    .ensureAlpha()
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const tables = toneTables();
  const tones = new Float64Array(TONES);
  const isInk = (x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < width && y < height && (data[(y * width + x) * 4 + 3] ?? 0) >= INK_ALPHA;
  let edge = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (!isInk(x, y) || (isInk(x - 1, y) && isInk(x + 1, y) && isInk(x, y - 1) && isInk(x, y + 1))) continue;
      const at = (y * width + x) * 4;
      const tone = toneIn(tables, data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0);
      tones[tone] = (tones[tone] ?? 0) + 1;
      edge += 1;
    }
  return edge === 0 ? tones : tones.map((count) => count / edge);
}

/** How much of an outline is too near to what lies under it. */
export function lostOn(edges: Tones, under: Tones): number {
  const apart = stepsFor(CONTRAST_MIN);
  let lost = 0;
  edges.forEach((share, tone) => {
    if (share === 0) return;
    for (let other = Math.max(0, tone - apart + 1); other < Math.min(TONES, tone + apart); other++)
      lost += share * (under[other] ?? 0);
  });
  return lost;
}

export const vanishes = (edges: Tones, under: Tones): boolean => lostOn(edges, under) > LOST_MAX;

/** One colour all over. */
export function plainTones(tone: number): Tones {
  const tones = new Float64Array(TONES);
  tones[tone] = 1;
  return tones;
}
