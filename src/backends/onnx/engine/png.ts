import { promisify } from "node:util";
import { crc32, deflate } from "node:zlib";

const deflated = promisify(deflate);
const SIGNATURE = Buffer.from("89504e470d0a1a0a", "hex");
const HEADER = { bitDepth: 8, rgb: 2 } as const;
const FILTER_UP = 2;

/** RGB bytes, row by row, as PNG: quick rather than small, and packed by other threads. */
export async function encodePng(
  rgb: Uint8Array | Uint8ClampedArray,
  { widthPx, heightPx }: { readonly widthPx: number; readonly heightPx: number },
): Promise<Buffer> {
  const stride = widthPx * 3;
  const rows = Buffer.alloc((stride + 1) * heightPx);
  for (let y = 0; y < heightPx; y += 1) {
    const to = y * (stride + 1);
    const from = y * stride;
    rows[to] = FILTER_UP;
    for (let x = 0; x < stride; x += 1) rows[to + 1 + x] = rgb[from + x]! - (y === 0 ? 0 : rgb[from - stride + x]!);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(widthPx, 0);
  header.writeUInt32BE(heightPx, 4);
  header[8] = HEADER.bitDepth;
  header[9] = HEADER.rgb;
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("IDAT", await deflated(rows, { level: 1 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, body: Buffer): Buffer {
  const whole = Buffer.alloc(12 + body.length);
  whole.writeUInt32BE(body.length);
  whole.write(type, 4, "latin1");
  whole.set(body, 8);
  whole.writeUInt32BE(crc32(whole.subarray(4, 8 + body.length)), 8 + body.length);
  return whole;
}
