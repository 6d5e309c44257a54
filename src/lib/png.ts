import { promisify } from "node:util";
import { crc32, inflate } from "node:zlib";

export interface PngText {
  /** 1 to 79 Latin-1 characters. */
  readonly keyword: string;
  readonly text: string;
}

const SIGNATURE = Buffer.from("89504e470d0a1a0a", "hex");
/** What the pixels need. Everything else (text, EXIF, XMP, colour profiles with names) is left out of posted copies. */
const PIXEL_CHUNKS = new Set(["IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "sRGB", "cHRM", "sBIT", "pHYs"]);
/** The signature and the header, which comes first and has 13 bytes. */
const HEADER_END = 33;
/** Encoders write pixels in pieces of 8 KB and more: 64 MB of them are 8,000. */
const CHUNKS_MAX = 20_000;
const TEXT_MAX_BYTES = 1_000_000;
const TEXTS_MAX = 64;
/** Of one file, whether they can be unpacked or not: who sends more sends them to keep us busy. */
const PACKED_MAX = 16;
const UNPACKED_MAX_BYTES = 4_000_000;
const UNPACK_MAX_MS = 2000;

interface Chunk {
  readonly type: string;
  /** Bytes of the payload. */
  readonly body: Buffer;
  /** With length, type and CRC. */
  readonly whole: Buffer;
}

/** @throws Error when it is not a PNG with a header */
export function pngSize(png: Uint8Array): { readonly widthPx: number; readonly heightPx: number } {
  const bytes = bufferOf(png);
  if (bytes.length < 24 || !bytes.subarray(0, 8).equals(SIGNATURE) || bytes.toString("latin1", 12, 16) !== "IHDR")
    throw new Error("not a PNG");
  return { widthPx: bytes.readUInt32BE(16), heightPx: bytes.readUInt32BE(20) };
}

/**
 * The same pixels without text, EXIF or any other optional chunk, and without bytes after the end: the very bytes where there
 * is nothing to leave out. @throws Error unless it is a whole PNG
 */
export const stripPng = (png: Uint8Array): Uint8Array => picked(png, ({ type }) => PIXEL_CHUNKS.has(type));

/**
 * As `stripPng`, with the checksum of each chunk compared. Nothing is unpacked: what the pixels are, and whether they are all
 * there, only a decoder knows. @throws Error for a chunk that is not what was written, and a PNG without pixels
 */
export function stripCheckedPng(png: Uint8Array): Uint8Array {
  let pixels = false;
  const stripped = picked(png, ({ type, whole }) => {
    if (crc32(whole.subarray(4, -4)) !== whole.readUInt32BE(whole.length - 4)) throw new Error(`damaged PNG: ${type}`);
    pixels ||= type === "IDAT";
    return PIXEL_CHUNKS.has(type);
  });
  if (!pixels) throw new Error("a PNG without pixels");
  return stripped;
}

const LOOK_CHUNKS = new Set(["iCCP", "eXIf"]);
const LOOK_MAX_BYTES = 64 * 1024;

/**
 * What a decoder needs to show it as meant: pixels, one small colour profile, which side is up. Decoders unpack every text and
 * keep it for good: ten thousand take a gigabyte. @throws Error unless it is a whole PNG
 */
export function decodablePng(png: Uint8Array): Uint8Array {
  const seen = new Set<string>();
  return picked(png, ({ type, body }) => {
    const looks = LOOK_CHUNKS.has(type) && !seen.has(type) && body.length <= LOOK_MAX_BYTES;
    seen.add(type);
    return looks || PIXEL_CHUNKS.has(type);
  });
}

/** The chunks that `keep` takes. Megabytes are copied only where something in between is left out. */
function picked(png: Uint8Array, keep: (chunk: Chunk) => boolean): Uint8Array {
  const bytes = bufferOf(png);
  const ranges: { readonly from: number; to: number }[] = [{ from: 0, to: SIGNATURE.length }];
  for (const chunk of chunksOf(png)) {
    if (!keep(chunk)) continue;
    const from = chunk.whole.byteOffset - bytes.byteOffset;
    const last = ranges.at(-1);
    if (last?.to === from) last.to += chunk.whole.length;
    else ranges.push({ from, to: from + chunk.whole.length });
  }
  const parts = ranges.map(({ from, to }) => bytes.subarray(from, to));
  const [first] = parts;
  return first && parts.length === 1 ? first : Buffer.concat(parts);
}

/**
 * Texts of a member's PNG under these keywords, in any case: at most 64 of at most 1 MB each once unpacked; larger ones are left
 * out. Unpacking is done by other threads, within one budget for the file. A damaged file, and one beyond the budget, gives what
 * was readable before. Never throws.
 */
export async function readPngText(png: Uint8Array, keywords: readonly string[]): Promise<readonly PngText[]> {
  const wanted = new Set(keywords.map((keyword) => keyword.toLowerCase()));
  const budget = { packed: PACKED_MAX, bytes: UNPACKED_MAX_BYTES, untilMs: performance.now() + UNPACK_MAX_MS };
  const found: PngText[] = [];
  try {
    for (const { type, body } of chunksOf(png)) {
      if (!isTextChunk(type)) continue;
      const keyword = keywordOf(body);
      if (!wanted.has(keyword.toLowerCase())) continue;
      const text = await textOf(type, keyword, body, budget);
      if (text) found.push(text);
      if (found.length >= TEXTS_MAX || budget.packed <= 0 || budget.bytes <= 0 || performance.now() > budget.untilMs)
        break;
    }
  } catch {
    // The rest of a damaged file says nothing reliable.
  }
  return found;
}

/** The EXIF block of a member's PNG, of at most 1 MB. Never throws. */
export function pngExif(png: Uint8Array): Uint8Array | undefined {
  try {
    for (const { type, body } of chunksOf(png))
      if (type === "eXIf") return body.length > TEXT_MAX_BYTES ? undefined : body;
  } catch {
    // As above.
  }
  return undefined;
}

/**
 * The PNG with these texts as UTF-8 iTXt chunks before its pixels, in place of texts with the same keywords.
 * @throws Error unless it is a whole PNG and keywords are 1 to 79 Latin-1 characters
 */
export const withPngText = (png: Uint8Array, entries: readonly PngText[]): Uint8Array =>
  Buffer.concat(pngTextParts(png, entries));

/** As `withPngText`, in pieces to be written one after the other: the pixels are not copied. @throws Error as `withPngText` */
export function pngTextParts(png: Uint8Array, entries: readonly PngText[]): readonly Uint8Array[] {
  const added = entries.map(({ keyword, text }) => chunkOf("iTXt", textBody(keyword, text)));
  const replaced = new Set(entries.map(({ keyword }) => keyword));
  const rest = picked(png, ({ type, body }) => !isTextChunk(type) || !replaced.has(keywordOf(body)));
  return [rest.subarray(0, HEADER_END), Buffer.concat(added), rest.subarray(HEADER_END)];
}

const isTextChunk = (type: string): type is "tEXt" | "zTXt" | "iTXt" =>
  type === "tEXt" || type === "zTXt" || type === "iTXt";

function* chunksOf(png: Uint8Array): Generator<Chunk> {
  const bytes = bufferOf(png);
  if (bytes.length < 8 || !bytes.subarray(0, 8).equals(SIGNATURE)) throw new Error("not a PNG");
  let count = 0;
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString("latin1", at + 4, at + 8);
    const end = at + 12 + length;
    if (end > bytes.length) throw new Error("truncated PNG");
    if (count === 0 && (type !== "IHDR" || length !== 13)) throw new Error("not a PNG: no header");
    if (count > CHUNKS_MAX) throw new Error("a PNG of too many chunks");
    count += 1;
    yield { type, body: bytes.subarray(at + 8, end - 4), whole: bytes.subarray(at, end) };
    if (type === "IEND") return;
    at = end;
  }
  throw new Error("truncated PNG: no end");
}

const keywordOf = (body: Buffer): string => {
  const end = body.subarray(0, 80).indexOf(0);
  return end < 1 ? "" : body.toString("latin1", 0, end);
};

interface UnpackBudget {
  packed: number;
  bytes: number;
  readonly untilMs: number;
}

async function textOf(
  type: "tEXt" | "zTXt" | "iTXt",
  keyword: string,
  body: Buffer,
  budget: UnpackBudget,
): Promise<PngText | undefined> {
  const rest = body.subarray(keyword.length + 1);
  const packed = type === "zTXt" || (type === "iTXt" && rest[0] === 1);
  let content = rest;
  if (type === "zTXt") content = rest.subarray(1);
  if (type === "iTXt") {
    // Flag, method, language, NUL, translated keyword, NUL.
    const language = rest.indexOf(0, 2);
    const translated = language < 0 ? -1 : rest.indexOf(0, language + 1);
    if (translated < 0) return undefined;
    content = rest.subarray(translated + 1);
  }
  const plain = packed ? await inflated(content, budget) : content;
  if (plain === undefined || plain.length > TEXT_MAX_BYTES) return undefined;
  return { keyword, text: type === "iTXt" ? plain.toString("utf8") : latinOrUtf8(plain) };
}

/** On the thread pool: unpacking a megabyte holds up whoever waits for this thread. */
const unpack = promisify<Buffer, { readonly maxOutputLength: number }, Buffer>(inflate);

async function inflated(packed: Buffer, budget: UnpackBudget): Promise<Buffer | undefined> {
  budget.packed -= 1;
  const maxOutputLength = Math.min(TEXT_MAX_BYTES, budget.bytes);
  try {
    const plain = await unpack(packed, { maxOutputLength });
    budget.bytes -= plain.length;
    return plain;
  } catch {
    // A bomb or garbage: as if the chunk were not there, but it was work.
    budget.bytes -= maxOutputLength;
    return undefined;
  }
}

/** tEXt is Latin-1 by the standard, but several programs write UTF-8 into it. */
function latinOrUtf8(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return bytes.toString("latin1");
  }
}

function textBody(keyword: string, text: string): Buffer {
  if (!/^[\u0020-\u007e\u00a1-\u00ff]{1,79}$/u.test(keyword))
    throw new Error(`not a PNG keyword: ${JSON.stringify(keyword)}`);
  return Buffer.concat([
    Buffer.from(keyword, "latin1"),
    Buffer.from([0, 0, 0, 0, 0]),
    Buffer.from(text.replaceAll("\0", ""), "utf8"),
  ]);
}

function chunkOf(type: string, body: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, "latin1"), body]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  check.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, check]);
}

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
