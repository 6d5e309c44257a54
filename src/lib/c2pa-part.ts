import { imageKind } from "./image-kind.ts";

const PNG_TYPE = Buffer.from("caBX", "latin1");

/**
 * Whether a PNG, JPEG or WebP carries a manifest of C2PA. Whose, and whether it holds, is not looked at. Never throws.
 * Source: C2PA specification 2.2, A.3: embedding manifests.
 */
export function hasManifest(bytes: Uint8Array): boolean {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (imageKind(bytes)) {
    case "png":
      return isInPng(file);
    case "jpeg":
      return isInJpeg(file);
    case "webp":
      return isInWebp(file);
    default:
      return false;
  }
}

function isInPng(file: Buffer): boolean {
  for (let at = 8; at + 12 <= file.length; at += 12 + file.readUInt32BE(at))
    if (file.subarray(at + 4, at + 8).equals(PNG_TYPE)) return true;
  return false;
}

/** A JUMBF box in a segment APP11. */
function isInJpeg(file: Buffer): boolean {
  for (let at = 2; at + 16 <= file.length && file[at] === 0xff && file[at + 1] !== 0xda; ) {
    if (file[at + 1] === 0xeb && file.toString("latin1", at + 4, at + 6) === "JP") return true;
    at += 2 + Math.max(2, file.readUInt16BE(at + 2));
  }
  return false;
}

function isInWebp(file: Buffer): boolean {
  for (let at = 12; at + 8 <= file.length; ) {
    if (file.toString("latin1", at, at + 4) === "C2PA") return true;
    const length = file.readUInt32LE(at + 4);
    at += 8 + length + (length % 2);
  }
  return false;
}
