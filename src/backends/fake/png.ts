import { createHash } from "node:crypto";
import { crc32, deflateSync } from "node:zlib";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function chunk(type: string, body: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(type, "latin1"), body]);
  const out = Buffer.alloc(named.length + 8);
  out.writeUInt32BE(body.length, 0);
  named.copy(out, 4);
  out.writeUInt32BE(crc32(named), out.length - 4);
  return out;
}

/**
 * A real two-colour PNG of this size, the same bytes for the same `key`. One bit per pixel keeps it small and quick: about
 * 1 kB and less than a millisecond at poster size.
 *
 * @param key decides the colours and the pattern
 */
export function tinyPng(widthPx: number, heightPx: number, key: string): Uint8Array {
  const hash = createHash("sha256").update(key).digest();
  const rowBytes = Math.ceil(widthPx / 8);
  const pixels = Buffer.alloc((rowBytes + 1) * heightPx);
  for (let y = 0; y < heightPx; y += 1) {
    // The first byte of a row is its filter: 0, none.
    const start = y * (rowBytes + 1) + 1;
    for (let x = 0; x < rowBytes; x += 8) {
      const cell = hash[(Math.floor(y / 64) * 5 + x / 8) % hash.length] ?? 0;
      pixels.fill(cell, start + x, Math.min(start + x + 8, start + rowBytes));
    }
  }
  return png(widthPx, heightPx, deflateSync(pixels), hash.subarray(0, 6));
}

export const blackPng = (widthPx: number, heightPx: number): Uint8Array =>
  png(widthPx, heightPx, deflateSync(Buffer.alloc((Math.ceil(widthPx / 8) + 1) * heightPx)), Buffer.alloc(6));

/** A small file that becomes 400 million pixels when it is decoded. */
export function bombPng(): Uint8Array {
  const sidePx = 20_000;
  return png(sidePx, sidePx, deflateSync(Buffer.alloc((sidePx / 8 + 1) * sidePx)), Buffer.alloc(6));
}

function png(widthPx: number, heightPx: number, data: Uint8Array, palette: Uint8Array): Uint8Array {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(widthPx, 0);
  head.writeUInt32BE(heightPx, 4);
  // Bit depth 1, colour type 3: palette.
  head.set([1, 3, 0, 0, 0], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", head),
    chunk("PLTE", palette),
    chunk("IDAT", data),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}
