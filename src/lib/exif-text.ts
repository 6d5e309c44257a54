/** Words of an EXIF block: `tag` as the standard numbers it. */
export interface ExifText {
  readonly tag: number;
  readonly text: string;
}

/** Where users' own words stand; it begins with eight bytes that name its characters. */
export const USER_COMMENT = 0x9286;
export const IMAGE_DESCRIPTION = 0x010e;
export const SOFTWARE = 0x0131;
/** In the first list of tags: where the second one begins. */
const EXIF_LIST = 0x8769;
const ASCII = 2;
const UNDEFINED = 7;
/** A camera writes some thirty. */
const ENTRIES_MAX = 200;
const TEXTS_MAX = 64;
/** A graph of ComfyUI has some 100 KB. */
const TEXT_MAX_BYTES = 1_000_000;

/**
 * The texts of an EXIF block, with or without "Exif" before it, from its first list of tags and the one of its photo. The libraries
 * for this unpack every value of every tag, and 64 KB can name gigabytes: only texts are looked at here, each once. What is damaged
 * gives what could be read. Never throws. Source: TIFF 6.0, 2; EXIF 2.32, 4.6.
 */
export function exifTexts(block: Uint8Array): readonly ExifText[] {
  const whole = Buffer.from(block.buffer, block.byteOffset, block.byteLength);
  const bytes = whole.toString("latin1", 0, 4) === "Exif" ? whole.subarray(6) : whole;
  const order = bytes.toString("latin1", 0, 2);
  if (bytes.length < 8 || (order !== "II" && order !== "MM")) return [];
  const reader = readerOf(bytes, order === "MM");
  const first = entriesAt(reader, reader.u32(4));
  const photo = first.find(({ tag }) => tag === EXIF_LIST);
  const entries = photo ? [...first, ...entriesAt(reader, reader.u32(photo.at + 8))] : first;
  const texts: ExifText[] = [];
  for (const { tag, at } of entries) {
    const value = textAt(reader, at);
    const text = value && wordsOf(value, reader.bigEndian);
    if (text) texts.push({ tag, text });
    if (texts.length >= TEXTS_MAX) break;
  }
  return texts;
}

interface Reader {
  readonly bytes: Buffer;
  readonly bigEndian: boolean;
  /** 0 beyond the end: nothing is there. */
  u16(at: number): number;
  u32(at: number): number;
}

const readerOf = (bytes: Buffer, bigEndian: boolean): Reader => ({
  bytes,
  bigEndian,
  u16: (at) => (at + 2 > bytes.length ? 0 : bigEndian ? bytes.readUInt16BE(at) : bytes.readUInt16LE(at)),
  u32: (at) => (at + 4 > bytes.length ? 0 : bigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at)),
});

/** Each: its tag, and where its twelve bytes begin. */
function entriesAt(reader: Reader, from: number): readonly { readonly tag: number; readonly at: number }[] {
  if (from < 8) return [];
  const count = Math.min(reader.u16(from), ENTRIES_MAX);
  return Array.from({ length: count }, (_, index) => from + 2 + 12 * index)
    .filter((at) => at + 12 <= reader.bytes.length)
    .map((at) => ({ tag: reader.u16(at), at }));
}

function textAt({ bytes, u16, u32 }: Reader, at: number): Buffer | undefined {
  const type = u16(at + 2);
  const length = u32(at + 4);
  if ((type !== ASCII && type !== UNDEFINED) || length === 0 || length > TEXT_MAX_BYTES) return undefined;
  const from = length <= 4 ? at + 8 : u32(at + 8);
  return bytes.subarray(from, from + length);
}

const PREFIX = /^(?:ASCII|UNICODE|JIS)?\0+/u;

function wordsOf(value: Buffer, bigEndian: boolean): string {
  const prefix = PREFIX.exec(value.toString("latin1", 0, 8))?.[0].length === 8 ? 8 : 0;
  return charactersOf(value.subarray(prefix), bigEndian).replace(/\0+$/u, "");
}

/**
 * Two bytes a character where half of them are 0. Programs follow the order of the block, or none: spaces and digits, which all of
 * these texts have, tell by which byte is 0.
 */
function charactersOf(bytes: Buffer, bigEndian: boolean): string {
  const [first, second] = bytes;
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  let [high, low] = [0, 0];
  const looked = Math.min(bytes.length - (bytes.length % 2), 4000);
  for (let at = 0; at < looked; at += 2) {
    if (bytes[at] === 0 && bytes[at + 1] !== 0) high += 1;
    if (bytes[at] !== 0 && bytes[at + 1] === 0) low += 1;
  }
  if (high + low > looked / 20) {
    const order = high === low ? bigEndian : high > low;
    return new TextDecoder(order ? "utf-16be" : "utf-16le").decode(bytes);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return bytes.toString("latin1");
  }
}
