import { crc32 } from "node:zlib";
import { zlibSync } from "fflate";

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const TRUECOLOUR = 2;
const FILTER_UP = 2;

/**
 * An opaque PNG. Native zlib builds choose matches with CPU-specific hashes; fflate is plain JavaScript, so equal pixels
 * give equal bytes on every machine.
 *
 * @param rgba widthPx × heightPx × 4 bytes; alpha is ignored
 */
export function encodePng(rgba: Uint8Array, widthPx: number, heightPx: number): Uint8Array {
  const stride = widthPx * 3 + 1;
  const raw = new Uint8Array(stride * heightPx);
  const row = widthPx * 4;
  for (let y = 0; y < heightPx; y++) {
    let to = y * stride;
    let from = y * row;
    raw[to++] = y === 0 ? 0 : FILTER_UP;
    for (let x = 0; x < widthPx; x++, from += 4) {
      for (let channel = 0; channel < 3; channel++) {
        const above = y === 0 ? 0 : (rgba[from + channel - row] ?? 0);
        raw[to++] = (rgba[from + channel] ?? 0) - above;
      }
    }
  }
  return pngFile(widthPx, heightPx, TRUECOLOUR, zlibSync(raw, { level: 1 }));
}

/** The file around compressed rows. @param colourType 2 or 6, by the PNG specification: 8 bits a channel */
export function pngFile(widthPx: number, heightPx: number, colourType: number, idat: Uint8Array): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, widthPx);
  view.setUint32(4, heightPx);
  header[8] = 8;
  header[9] = colourType;
  return joined([SIGNATURE, chunk("IHDR", header), chunk("IDAT", idat), chunk("IEND", new Uint8Array(0))]);
}

function chunk(type: string, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(body.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, body.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
  bytes.set(body, 8);
  view.setUint32(body.length + 8, crc32(bytes.subarray(4, body.length + 8)));
  return bytes;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
