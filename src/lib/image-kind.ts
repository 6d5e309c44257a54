/** By its first bytes; names and declared types lie. */
export type ImageKind = "png" | "jpeg" | "webp" | "gif" | "avif" | "heic";

const PNG = Buffer.from("89504e470d0a1a0a", "hex");
/** A list of what a container holds has a handful of names. */
const BRANDS_MAX_BYTES = 256;
/** "mif1" is a picture of any codec: those that name AVIF too are that. */
const HEIC_BRANDS = /^(?:hei[cxms]|hev[cxms]|mif1|msf1)$/u;

export function imageKind(bytes: Uint8Array): ImageKind | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, BRANDS_MAX_BYTES));
  if (head.subarray(0, 8).equals(PNG)) return "png";
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return "jpeg";
  const words = head.toString("latin1");
  if (words.startsWith("RIFF") && words.startsWith("WEBP", 8)) return "webp";
  if (/^GIF8[79]a/u.test(words)) return "gif";
  return words.startsWith("ftyp", 4) ? kindOfBrands(head) : undefined;
}

/** Source: ISO/IEC 14496-12, 4.3: the main brand, a version, and all that it is compatible with. */
function kindOfBrands(head: Buffer): "avif" | "heic" | undefined {
  const end = Math.min(head.length, head.readUInt32BE(0));
  const brands: string[] = [];
  for (let at = 8; at + 4 <= end; at += 4) if (at !== 12) brands.push(head.toString("latin1", at, at + 4));
  if (brands.some((brand) => brand === "avif" || brand === "avis")) return "avif";
  return brands.some((brand) => HEIC_BRANDS.test(brand)) ? "heic" : undefined;
}

/** What engines and platforms deal in. */
export function sniffImage(bytes: Uint8Array): "image/png" | "image/jpeg" | "image/webp" | undefined {
  const kind = imageKind(bytes);
  return kind === "png" || kind === "jpeg" || kind === "webp" ? `image/${kind}` : undefined;
}
