import { crc32 } from "node:zlib";
import { withoutXmp } from "../src/lib/xmp-mark.ts";

/** What lies under the marks, XMP and a signature: for tests of equal bytes. */
export const unmarked = (bytes: Uint8Array = new Uint8Array()): Buffer =>
  withoutSignature(Buffer.from(withoutXmp(bytes)));

/** Of a PNG; anything else comes as it is. */
function withoutSignature(file: Buffer): Buffer {
  const kept: Buffer[] = [file.subarray(0, 8)];
  for (let at = 8; file.toString("latin1", 1, 4) === "PNG" && at + 12 <= file.length; ) {
    const next = at + 12 + file.readUInt32BE(at);
    if (file.toString("latin1", at + 4, at + 8) !== "caBX") kept.push(file.subarray(at, next));
    at = next;
  }
  return kept.length === 1 ? file : Buffer.concat(kept);
}

/** A PNG with a part of C2PA, whatever is in it. */
export function withManifest(png: Uint8Array): Buffer {
  const part = Buffer.from("\0\0\0\x04caBXjumb\0\0\0\0", "latin1");
  part.writeUInt32BE(crc32(part.subarray(4, 12)), 12);
  return Buffer.concat([png.subarray(0, 33), part, png.subarray(33)]);
}

/** The same of a JPEG. */
export const withJpegManifest = (jpeg: Uint8Array): Buffer =>
  Buffer.concat([jpeg.subarray(0, 2), Buffer.from("\xff\xeb\0\x0eJP\0\x01\0\0\0\x01jumb", "latin1"), jpeg.subarray(2)]);
