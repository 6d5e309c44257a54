import type { Size } from "../../domain/size.ts";
import { foreignImage } from "../../lib/foreign-image.ts";

/** Looked at of each picture, in the middle: detail stands there, and not all of a large one need be read. */
const WINDOW_PX = 384;
const EVERY_PX = 5;
const TAPS = 3;
/** Between neighbours, in one channel: where all is alike, models and arithmetic make the same of it. */
const DETAIL_MIN = 24;
const DETAILED_MIN = 60;
/** Of 255, on average. Theirs is the very same; a little sharpening makes one, and a model several. */
const ALIKE_MAX = 0.25;
const MAX_PIXELS = 40_000_000;

interface Pixels {
  readonly data: Uint8Array;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Whether a larger picture is nothing but the smaller one, resampled as these servers do it (Lanczos): they do so, without a word, where
 * the model that was asked for cannot be loaded or fetched. Where it cannot be told, it is not.
 */
export async function isResampled(
  small: { readonly bytes: Uint8Array; readonly size: Size },
  large: { readonly bytes: Uint8Array; readonly size: Size },
): Promise<boolean> {
  const window = middleOf(large.size);
  const [x, y] = [small.size.widthPx / large.size.widthPx, small.size.heightPx / large.size.heightPx];
  const found = await pixelsOf(large.bytes, window);
  const left = Math.max(0, Math.floor(window.left * x) - TAPS);
  const top = Math.max(0, Math.floor(window.top * y) - TAPS);
  const before = await pixelsOf(small.bytes, {
    ...{ left, top },
    width: Math.min(small.size.widthPx, Math.ceil((window.left + window.width) * x) + TAPS) - left,
    height: Math.min(small.size.heightPx, Math.ceil((window.top + window.height) * y) + TAPS) - top,
  });
  let [detailed, apart] = [0, 0];
  for (let row = window.top; row < window.top + window.height; row += EVERY_PX)
    for (let column = window.left; column < window.left + window.width; column += EVERY_PX) {
      const taps = {
        across: tapsAt(column, x, before.left, before.width),
        down: tapsAt(row, y, before.top, before.height),
      };
      for (let channel = 0; channel < 3; channel += 1) {
        const { value, range } = resampledAt(before, taps, channel);
        if (range < DETAIL_MIN) continue;
        detailed += 1;
        const at = ((row - window.top) * window.width + (column - window.left)) * 3 + channel;
        apart += Math.abs(value - (found.data[at] ?? 0));
      }
    }
  return detailed >= DETAILED_MIN && apart / detailed <= ALIKE_MAX;
}

function middleOf({ widthPx, heightPx }: Size) {
  const [width, height] = [Math.min(WINDOW_PX, widthPx), Math.min(WINDOW_PX, heightPx)];
  return { left: Math.floor((widthPx - width) / 2), top: Math.floor((heightPx - height) / 2), width, height };
}

async function pixelsOf(bytes: Uint8Array, window: Omit<Pixels, "data">): Promise<Pixels> {
  const data = await foreignImage(bytes, MAX_PIXELS)
    .extract(window)
    .removeAlpha()
    .toColourspace("srgb")
    .raw()
    .toBuffer();
  return { ...window, data };
}

interface Tap {
  /** In the window of the smaller picture. */
  readonly at: number;
  readonly weight: number;
}

/** Of one row or column of the larger picture: whose of the smaller one it is made of. */
function tapsAt(at: number, scale: number, from: number, length: number): readonly Tap[] {
  const centre = (at + 0.5) * scale;
  const first = Math.max(from, Math.trunc(centre - TAPS + 0.5));
  const end = Math.min(from + length, Math.trunc(centre + TAPS + 0.5));
  const weights = Array.from({ length: end - first }, (_, tap) => lanczos(first + tap + 0.5 - centre));
  const sum = weights.reduce((all, weight) => all + weight, 0);
  return weights.map((weight, tap) => ({ at: first + tap - from, weight: weight / sum }));
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));
const lanczos = (x: number): number => (Math.abs(x) < TAPS ? sinc(x) * sinc(x / TAPS) : 0);
const rounded = (value: number): number => Math.min(255, Math.max(0, Math.round(value)));

/** First along rows and rounded, then down. `range`: how far apart are those that it is made of. */
function resampledAt(
  { data, width }: Pixels,
  { across, down }: { readonly across: readonly Tap[]; readonly down: readonly Tap[] },
  channel: number,
) {
  let [low, high, value] = [255, 0, 0];
  for (const { at: row, weight } of down) {
    let line = 0;
    for (const tap of across) {
      const pixel = data[(row * width + tap.at) * 3 + channel] ?? 0;
      low = Math.min(low, pixel);
      high = Math.max(high, pixel);
      line += tap.weight * pixel;
    }
    value += weight * rounded(line);
  }
  return { value: rounded(value), range: high - low };
}
