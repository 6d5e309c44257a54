/** Pixels made small, 8 bits a channel, row by row: 64 by 64, or less of a smaller picture. */
export interface SmallPixels {
  readonly data: Uint8Array;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly channels: number;
}

/** How pixels are made small for it; by averaging alone, so that all ways to one size give nearly the same. */
export const FINGERPRINT_SMALL = {
  width: 64,
  height: 64,
  fit: "fill",
  kernel: "linear",
  withoutEnlargement: true,
} as const;

const SIDE = 32;
const KEPT = 8;
/** Of 64 bits: what another size, another format and a screenshot's edge change. Unrelated pictures differ in 32, give or take 8. */
export const SAME_WITHIN_BITS = 8;

const COSINES: readonly (readonly number[])[] = Array.from({ length: KEPT }, (_, wave) =>
  Array.from({ length: SIDE }, (_, at) => Math.cos(((2 * at + 1) * wave * Math.PI) / (2 * SIDE))),
);

/**
 * 16 hex digits that stay nearly the same when a picture is made smaller or coded again: the signs of its slowest waves of light
 * against their median. Source: Zauner, Implementation and Benchmarking of Perceptual Image Hash Functions, 2010, 3.2.1 (DCT).
 */
export function fingerprintOf(small: SmallPixels): string {
  const grey = greyOf(small);
  const rows = grey.map((row) => COSINES.map((wave) => dot(row, wave)));
  const waves = COSINES.flatMap((wave) =>
    COSINES.map((_, x) =>
      dot(
        rows.map((row) => row[x] ?? 0),
        wave,
      ),
    ),
  );
  const median = waves.slice(1).toSorted((a, b) => a - b)[(waves.length - 2) / 2] ?? 0;
  const bits = waves.map((wave) => (wave > median ? 1 : 0));
  return Array.from({ length: 16 }, (_, at) =>
    Number.parseInt(bits.slice(at * 4, at * 4 + 4).join(""), 2).toString(16),
  ).join("");
}

/** In how many of 64 bits two differ. */
export function bitsApart(one: string, other: string): number {
  let apart = 0;
  for (const at of [0, 8]) {
    let differing = Number.parseInt(one.slice(at, at + 8), 16) ^ Number.parseInt(other.slice(at, at + 8), 16);
    for (; differing !== 0; differing &= differing - 1) apart += 1;
  }
  return apart;
}

const dot = (values: readonly number[], wave: readonly number[]): number =>
  values.reduce((sum, value, at) => sum + value * (wave[at] ?? 0), 0);

/** Brightness in 32 by 32 fields, each the mean of what lies in it. */
function greyOf({ data, widthPx, heightPx, channels }: SmallPixels): readonly (readonly number[])[] {
  const brightness = (x: number, y: number) => {
    const at = (y * widthPx + x) * channels;
    const [red = 0, green = red, blue = red] = data.subarray(at, at + (channels < 3 ? 1 : 3));
    return 0.299 * red + 0.587 * green + 0.114 * blue;
  };
  const span = (at: number, of: number) => {
    const from = Math.floor((at * of) / SIDE);
    return { from, to: Math.max(from + 1, Math.floor(((at + 1) * of) / SIDE)) };
  };
  return Array.from({ length: SIDE }, (_, row) => {
    const high = span(row, heightPx);
    return Array.from({ length: SIDE }, (_, column) => {
      const wide = span(column, widthPx);
      let sum = 0;
      for (let y = high.from; y < high.to; y += 1) for (let x = wide.from; x < wide.to; x += 1) sum += brightness(x, y);
      return sum / ((high.to - high.from) * (wide.to - wide.from));
    });
  });
}
