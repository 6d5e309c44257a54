/** FLUX's latents, of pictures rounded down to what the model can make. */
export interface FluxGeometry {
  /** In latent rows and columns, both even. */
  readonly rows: number;
  readonly columns: number;
  readonly channels: number;
  /** Squares of 2×2 latents. */
  readonly tokens: number;
  /** channels · rows · columns. */
  readonly size: number;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Of each packed value, its place in [channels, rows, columns]. */
  readonly places: Int32Array;
}

/** @param factor pixels a latent is wide: 8 in FLUX */
export function fluxGeometry(
  { widthPx, heightPx }: { readonly widthPx: number; readonly heightPx: number },
  factor: number,
  channels: number,
): FluxGeometry {
  const rows = 2 * Math.floor(heightPx / (2 * factor));
  const columns = 2 * Math.floor(widthPx / (2 * factor));
  return {
    rows,
    columns,
    channels,
    tokens: (rows / 2) * (columns / 2),
    size: channels * rows * columns,
    widthPx: columns * factor,
    heightPx: rows * factor,
    places: placesOf(rows, columns, channels),
  };
}

/** Where each packed value lies in [channels, rows, columns]. */
function placesOf(rows: number, columns: number, channels: number): Int32Array {
  const places = new Int32Array(channels * rows * columns);
  let at = 0;
  for (let y = 0; y < rows; y += 2)
    for (let x = 0; x < columns; x += 2)
      for (let channel = 0; channel < channels; channel += 1) {
        const upper = (channel * rows + y) * columns + x;
        places[at] = upper;
        places[at + 1] = upper + 1;
        places[at + 2] = upper + columns;
        places[at + 3] = upper + columns + 1;
        at += 4;
      }
  return places;
}

/** [channels, rows, columns] to [tokens, 4 · channels]. */
export function packed(values: Float32Array, { places }: FluxGeometry): Float32Array {
  const result = new Float32Array(values.length);
  for (let at = 0; at < result.length; at += 1) result[at] = values[places[at]!]!;
  return result;
}

/** [tokens, 4 · channels] to [channels, rows, columns]. */
export function unpacked(values: Float32Array, { places }: FluxGeometry): Float32Array {
  const result = new Float32Array(values.length);
  for (let at = 0; at < result.length; at += 1) result[places[at]!] = values[at]!;
  return result;
}

/** [tokens, 3]: nothing, row, column. */
export function imageIds({ rows, columns }: Pick<FluxGeometry, "rows" | "columns">): BigInt64Array {
  const ids = new BigInt64Array((rows / 2) * (columns / 2) * 3);
  let at = 0;
  for (let y = 0; y < rows / 2; y += 1)
    for (let x = 0; x < columns / 2; x += 1) {
      ids[at + 1] = BigInt(y);
      ids[at + 2] = BigInt(x);
      at += 3;
    }
  return ids;
}
