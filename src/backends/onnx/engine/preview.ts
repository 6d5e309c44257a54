import type { CleanLatents } from "../pipelines/picture.ts";

interface PreviewPicture {
  /** RGB bytes, one pixel for each latent. */
  readonly rgb: Uint8ClampedArray;
  readonly widthPx: number;
  readonly heightPx: number;
}

/**
 * Shows latents without a decoder: each pixel is a sum of its latents. Which sum is learnt from the first finished picture,
 * so that it fits any model; until then there are no previews.
 */
export interface Previewer {
  learn(clean: CleanLatents, rgb: Uint8ClampedArray): void;
  show(clean: CleanLatents): PreviewPicture | undefined;
}

const SAMPLES_MAX = 4096;
/** Latents that say nothing would otherwise take any share. */
const RIDGE = 1e-3;

export function createPreviewer(): Previewer {
  /** For each colour: a share of each channel, and what is always added. */
  let shares: readonly (readonly number[])[] | undefined;
  return {
    learn(clean, rgb) {
      shares ??= learnt(clean, rgb);
    },
    show({ values, channels, rows, columns }) {
      if (shares?.[0]?.length !== channels + 1) return undefined;
      const pixels = rows * columns;
      const shown = new Uint8ClampedArray(pixels * 3);
      for (const [colour, share] of shares.entries())
        for (let pixel = 0; pixel < pixels; pixel += 1) {
          let sum = share[channels]!;
          for (let channel = 0; channel < channels; channel += 1)
            sum += share[channel]! * values[channel * pixels + pixel]!;
          shown[pixel * 3 + colour] = sum;
        }
      return { rgb: shown, widthPx: columns, heightPx: rows };
    },
  };
}

/** Least squares: what of the latents makes the mean colour of the square that each became. */
function learnt(
  { values, channels, rows, columns }: CleanLatents,
  rgb: Uint8ClampedArray,
): readonly (readonly number[])[] {
  const pixels = rows * columns;
  const factor = Math.round(Math.sqrt(rgb.length / 3 / pixels));
  const size = channels + 1;
  const sums = Array.from({ length: size }, (_, row) =>
    Array.from({ length: size + 3 }, (__, column) => (row === column ? RIDGE : 0)),
  );
  const apart = Math.max(1, Math.floor(pixels / SAMPLES_MAX));
  for (let pixel = 0; pixel < pixels; pixel += apart) {
    const [y, x] = [Math.floor(pixel / columns), pixel % columns];
    const middle = ((y * factor + (factor >> 1)) * columns * factor + x * factor + (factor >> 1)) * 3;
    const known = Array.from({ length: channels }, (_, channel) => values[channel * pixels + pixel]!);
    const sample = [...known, 1, rgb[middle]!, rgb[middle + 1]!, rgb[middle + 2]!];
    for (let row = 0; row < size; row += 1)
      for (let column = 0; column < size + 3; column += 1) sums[row]![column]! += sample[row]! * sample[column]!;
  }
  return solved(sums, size);
}

/** Gauss and Jordan's elimination of a positive definite system with three right sides. */
function solved(system: number[][], size: number): readonly (readonly number[])[] {
  for (let pivot = 0; pivot < size; pivot += 1) {
    const by = system[pivot]!;
    for (const [row, other] of system.entries()) {
      if (row === pivot) continue;
      const share = other[pivot]! / by[pivot]!;
      for (let column = pivot; column < size + 3; column += 1) other[column]! -= share * by[column]!;
    }
  }
  return [0, 1, 2].map((colour) => system.map((row, at) => row[size + colour]! / row[at]!));
}
