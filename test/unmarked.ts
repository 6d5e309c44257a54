import { crc32 } from "node:zlib";
import { withoutXmp } from "../src/lib/xmp-mark.ts";

/** What lies under the word for how a picture came about: for tests of equal bytes. */
export const unmarked = (bytes: Uint8Array = new Uint8Array()): Buffer => Buffer.from(withoutXmp(bytes));

/** A PNG with a part of C2PA, whatever is in it. */
export function withManifest(png: Uint8Array): Buffer {
  const part = Buffer.from("\0\0\0\x04caBXjumb\0\0\0\0", "latin1");
  part.writeUInt32BE(crc32(part.subarray(4, 12)), 12);
  return Buffer.concat([png.subarray(0, 33), part, png.subarray(33)]);
}
