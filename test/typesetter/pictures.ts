import sharp from "sharp";
import type { ImageRequest } from "../../src/domain/recipe.ts";
import { draw } from "../../src/typesetter/painting/draw.ts";
import { requestOf } from "./layouts.ts";

/** Three bytes a pixel, row by row. */
export interface Picture {
  readonly data: Buffer;
  readonly widthPx: number;
  readonly heightPx: number;
}

interface Asked extends Partial<ImageRequest> {
  readonly layout?: string;
  readonly trigger?: string;
}

/** Half of a poster's width and height: what an eye sees is there, in a quarter of the time. */
const HALF = { widthPx: 448, heightPx: 640 } as const;

export async function pictureOf(prompt: string, { layout, trigger = "", ...change }: Asked = {}): Promise<Picture> {
  const request = requestOf(prompt, { ...HALF, ...change });
  const { png } = await draw({ request, trigger, initBytes: undefined, ...(layout === undefined ? {} : { layout }) });
  return decoded(png);
}

export async function decoded(png: Uint8Array): Promise<Picture> {
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, widthPx: info.width, heightPx: info.height };
}

/** The share of pixels that differ by more than 24 of 255 in a channel. */
export function changed(one: Picture, other: Picture): number {
  let count = 0;
  for (let i = 0; i < one.data.length; i += 3) {
    const far = (channel: number): boolean =>
      Math.abs((one.data[i + channel] ?? 0) - (other.data[i + channel] ?? 0)) > 24;
    if (far(0) || far(1) || far(2)) count += 1;
  }
  return count / (one.data.length / 3);
}

/** The share of the picture that its `most` commonest colours cover, each with what grain makes of it. */
export function flatShare({ data }: Picture, most: number): number {
  let left: number[] = [];
  for (let i = 0; i < data.length; i += 3) left.push(i);
  const all = left.length;
  for (let round = 0; round < most; round++) {
    const [r, g, b] = commonest(data, left);
    left = left.filter((i) => [r, g, b].some((value, channel) => Math.abs((data[i + channel] ?? 0) - value) > 26));
  }
  return 1 - left.length / all;
}

function commonest(data: Buffer, at: readonly number[]): readonly [number, number, number] {
  const bins = new Map<number, { count: number; readonly sum: [number, number, number] }>();
  for (const i of at) {
    const [r, g, b] = [data[i] ?? 0, data[i + 1] ?? 0, data[i + 2] ?? 0];
    const key = ((r + 16) >> 5) * 4096 + ((g + 16) >> 5) * 64 + ((b + 16) >> 5);
    const bin = bins.get(key) ?? { count: 0, sum: [0, 0, 0] };
    bin.count += 1;
    bin.sum[0] += r;
    bin.sum[1] += g;
    bin.sum[2] += b;
    bins.set(key, bin);
  }
  const [top] = [...bins.values()].sort((a, b) => b.count - a.count);
  if (!top) return [0, 0, 0];
  return [top.sum[0] / top.count, top.sum[1] / top.count, top.sum[2] / top.count];
}

/** Steps of 2 degrees, and lines 2 pixels wide. */
const STEP = 2;
const WIDE_PX = 2;

/**
 * The longest straight edge that leans 10 to 60 degrees away from an axis, as a share of the height: Hough's transform over
 * pixels with a strong gradient, each voting for the lines that go about across that gradient.
 */
export function leaningEdge(picture: Picture): number {
  const { widthPx: w, heightPx: h } = picture;
  const grey = Float32Array.from({ length: w * h }, (_, i) => {
    const at = (channel: number): number => picture.data[i * 3 + channel] ?? 0;
    return (at(0) * 2 + at(1) * 5 + at(2)) / 8;
  });
  const votes = new Map<number, number>();
  for (let y = 1; y < h - 1; y++) {
    for (let x = 1; x < w - 1; x++) {
      const at = (dx: number, dy: number): number => grey[(y + dy) * w + x + dx] ?? 0;
      const gx = at(1, -1) + 2 * at(1, 0) + at(1, 1) - at(-1, -1) - 2 * at(-1, 0) - at(-1, 1);
      const gy = at(-1, 1) + 2 * at(0, 1) + at(1, 1) - at(-1, -1) - 2 * at(0, -1) - at(1, -1);
      if (Math.hypot(gx, gy) < 160) continue;
      const own = Math.round((Math.atan2(gy, gx) * 180) / Math.PI / STEP);
      for (let bin = own - 4; bin <= own + 4; bin++) {
        const degrees = bin * STEP;
        // 0 is halfway between the axes, 45 is on one.
        if (Math.abs((((degrees % 90) + 90) % 90) - 45) > 35) continue;
        const angle = (degrees * Math.PI) / 180;
        const rho = Math.round((x * Math.cos(angle) + y * Math.sin(angle)) / WIDE_PX);
        const key = bin * 10_000 + rho;
        votes.set(key, (votes.get(key) ?? 0) + 1);
      }
    }
  }
  return Math.max(0, ...votes.values()) / WIDE_PX / h;
}
