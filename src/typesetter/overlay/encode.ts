import { constants, deflateSync } from "node:zlib";
import { pngFile } from "../painting/png.ts";
import type { Pixels } from "./pixels.ts";

const TRUECOLOUR = 2;
const TRUECOLOUR_ALPHA = 6;
const FILTER_SUB = 1;
const FILTER_AVERAGE = 3;

/**
 * A PNG of a photograph's pixels. Runs alone are looked for, not repetitions: a photograph has none, it takes a quarter of the
 * time, and without hashes, which differ from processor to processor, equal pixels give equal bytes everywhere.
 */
export function encodePixels({ data, widthPx, heightPx, channels }: Pixels): Uint8Array {
  const row = widthPx * channels;
  const raw = new Uint8Array((row + 1) * heightPx);
  for (let y = 0, to = 0, from = 0; y < heightPx; y++) {
    raw[to++] = y === 0 ? FILTER_SUB : FILTER_AVERAGE;
    for (let x = 0; x < row; x++, from++) {
      const left = x < channels ? 0 : (data[from - channels] ?? 0);
      const guess = y === 0 ? left : (left + (data[from - row] ?? 0)) >> 1;
      raw[to++] = (data[from] ?? 0) - guess;
    }
  }
  const idat = deflateSync(raw, { level: 1, memLevel: 9, strategy: constants.Z_RLE });
  return pngFile(widthPx, heightPx, channels === 4 ? TRUECOLOUR_ALPHA : TRUECOLOUR, idat);
}
