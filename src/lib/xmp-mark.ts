import { crc32 } from "node:zlib";
import { imageKind } from "./image-kind.ts";

// The mark as a part of the file of its own: the pixels are not coded again.

const PNG_KEYWORD = Buffer.from("XML:com.adobe.xmp\0\0\0\0\0", "latin1");
const JPEG_NAME = Buffer.from("http://ns.adobe.com/xap/1.0/\0", "latin1");
/** The signature and the header, which has 13 bytes. */
const PNG_HEADER_END = 33;
const RIFF_HEADER_BYTES = 12;
/** Flags of VP8X. Source: the WebP container specification, "Extended File Format". */
const WEBP_HAS_ALPHA = 0x10;
const WEBP_HAS_XMP = 0x04;

/**
 * An XMP packet that says how a picture came about, and nothing else. Source: IPTC Photo Metadata Standard, Digital Source Type.
 *
 * @param sourceType a name of IPTC's list: letters only
 */
export const sourceTypePacket = (sourceType: string): string =>
  `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">${sourceTypeDescription(sourceType)}</rdf:RDF></x:xmpmeta><?xpacket end="r"?>`;

/** The same as a part of somebody else's packet. */
export const sourceTypeDescription = (sourceType: string): string =>
  `<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" Iptc4xmpExt:DigitalSourceType="${SOURCE_TYPE_URL}${sourceType}"/>`;

export const SOURCE_TYPE_URL = "http://cv.iptc.org/newscodes/digitalsourcetype/";

/** PNG, JPEG or WebP with this packet in place of one that is there; anything else, and what is damaged, as it is. */
export function withXmp(bytes: Uint8Array, packet: string): Uint8Array {
  const bare = withoutXmp(bytes);
  return Buffer.concat(xmpParts(bare, packet));
}

/** What was coded again, with the packet of what it was made of. */
export function withXmpOf(source: Uint8Array, made: Uint8Array): Uint8Array {
  const packet = xmpOf(source);
  return packet === undefined ? made : withXmp(made, packet);
}

/** The same in pieces: the pixels are not copied. @param bare without a packet */
export function xmpParts(bare: Uint8Array, packet: string): readonly Uint8Array[] {
  const xmp = Buffer.from(packet, "utf8");
  const file = bufferOf(bare);
  switch (imageKind(bare)) {
    case "png":
      if (file.length < PNG_HEADER_END) return [file];
      return [file.subarray(0, PNG_HEADER_END), pngChunk(xmp), file.subarray(PNG_HEADER_END)];
    case "jpeg": {
      const at = afterFirstHeader(file);
      return [file.subarray(0, at), jpegSegment(xmp), file.subarray(at)];
    }
    case "webp":
      return webpParts(file, xmp);
    default:
      return [file];
  }
}

/** The file without any XMP packet: the very bytes where there is none. */
export function withoutXmp(bytes: Uint8Array): Uint8Array {
  const file = bufferOf(bytes);
  switch (imageKind(bytes)) {
    case "png":
      return without(file, pngXmp(file));
    case "jpeg":
      return without(file, jpegXmp(file));
    case "webp":
      return webpWithout(file);
    default:
      return bytes;
  }
}

/** The first XMP packet of a PNG, JPEG or WebP. A packed one is passed over, as readers of XMP do. Never throws. */
export function xmpOf(bytes: Uint8Array): string | undefined {
  const file = bufferOf(bytes);
  switch (imageKind(bytes)) {
    case "png": {
      const [found] = pngXmp(file);
      return found && file.toString("utf8", found.from + 8 + PNG_KEYWORD.length, found.to - 4);
    }
    case "jpeg": {
      const [found] = jpegXmp(file);
      return found && file.toString("utf8", found.from + 4 + JPEG_NAME.length, found.to);
    }
    case "webp": {
      const found = riffChunks(file).find(({ type }) => type === "XMP ");
      return found && file.toString("utf8", found.from + 8, found.from + 8 + found.length);
    }
    default:
      return undefined;
  }
}

interface Range {
  readonly from: number;
  readonly to: number;
}

function without(file: Buffer, ranges: readonly Range[]): Buffer {
  if (ranges.length === 0) return file;
  const starts = [0, ...ranges.map(({ to }) => to)];
  return Buffer.concat(starts.map((from, at) => file.subarray(from, ranges[at]?.from ?? file.length)));
}

function pngChunk(xmp: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from("iTXt", "latin1"), PNG_KEYWORD, xmp]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(typed.length - 4);
  check.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, check]);
}

function pngXmp(file: Buffer): readonly Range[] {
  const found: Range[] = [];
  for (let at = 8; at + 12 <= file.length; ) {
    const to = at + 12 + file.readUInt32BE(at);
    const isText = file.toString("latin1", at + 4, at + 8) === "iTXt";
    const keyword = file.subarray(at + 8, at + 8 + PNG_KEYWORD.length);
    if (to > file.length) break;
    if (isText && keyword.equals(PNG_KEYWORD)) found.push({ from: at, to });
    at = to;
  }
  return found;
}

function jpegSegment(xmp: Buffer): Buffer {
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(2 + JPEG_NAME.length + xmp.length, 2);
  return Buffer.concat([head, JPEG_NAME, xmp]);
}

/** JFIF wants to be the first, EXIF likes to. */
function afterFirstHeader(file: Buffer): number {
  let at = 2;
  for (const { marker, from, to } of jpegSegments(file)) {
    const isHeader = marker === 0xe0 || (marker === 0xe1 && file.toString("latin1", from + 4, from + 8) === "Exif");
    if (!isHeader) break;
    at = to;
  }
  return at;
}

const jpegXmp = (file: Buffer): readonly Range[] =>
  [...jpegSegments(file)].filter(
    ({ marker, from }) => marker === 0xe1 && file.subarray(from + 4, from + 4 + JPEG_NAME.length).equals(JPEG_NAME),
  );

/** Before the pixels. */
function* jpegSegments(file: Buffer): Generator<Range & { readonly marker: number }> {
  for (let at = 2; at + 4 <= file.length; ) {
    const marker = file[at + 1] ?? 0;
    const to = at + 2 + file.readUInt16BE(at + 2);
    // The scan begins, or it is damaged.
    if (file[at] !== 0xff || marker === 0xda || marker === 0xd9 || to > file.length || to < at + 4) return;
    yield { marker, from: at, to };
    at = to;
  }
}

interface RiffChunk extends Range {
  readonly type: string;
  /** Of its payload, without the byte that makes it even. */
  readonly length: number;
}

function riffChunks(file: Buffer): readonly RiffChunk[] {
  const found: RiffChunk[] = [];
  for (let at = RIFF_HEADER_BYTES; at + 8 <= file.length; ) {
    const length = file.readUInt32LE(at + 4);
    const to = at + 8 + length + (length % 2);
    if (at + 8 + length > file.length) break;
    found.push({ type: file.toString("latin1", at, at + 4), length, from: at, to: Math.min(to, file.length) });
    at = to;
  }
  return found;
}

function riffChunk(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(type, "latin1");
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
}

function riffOf(parts: readonly Buffer[]): readonly Buffer[] {
  const head = Buffer.from("RIFF\0\0\0\0WEBP", "latin1");
  head.writeUInt32LE(4 + parts.reduce((sum, { length }) => sum + length, 0), 4);
  return [head, ...parts];
}

/** The packet is the last chunk; the header before the pixels says that it comes. */
function webpParts(file: Buffer, xmp: Buffer): readonly Buffer[] {
  const chunks = riffChunks(file);
  const [first] = chunks;
  const header = first && webpHeader(file, first);
  if (!first || !header) return [file];
  const rest = chunks.filter(({ type }) => type !== "VP8X").map(({ from, to }) => file.subarray(from, to));
  return riffOf([riffChunk("VP8X", header), ...rest, riffChunk("XMP ", xmp)]);
}

/** The payload of VP8X with the flag for XMP: as it is there, or of what a simple file says of itself. */
function webpHeader(file: Buffer, { type, from, length }: RiffChunk): Buffer | undefined {
  const body = file.subarray(from + 8, from + 8 + length);
  const header = Buffer.alloc(10);
  if (type === "VP8X" && length >= 10) body.copy(header);
  else if (type === "VP8L" && length >= 5) {
    // Source: the WebP lossless bitstream specification, 3: 14 bits of width − 1, 14 of height − 1, 1 of alpha.
    const bits = body.readUInt32LE(1);
    header[0] = (bits >>> 28) & 1 ? WEBP_HAS_ALPHA : 0;
    header.writeUIntLE(bits & 0x3fff, 4, 3);
    header.writeUIntLE((bits >>> 14) & 0x3fff, 7, 3);
  } else if (type === "VP8 " && length >= 10) {
    // Source: RFC 6386, 9.1: after the three bytes of the tag and the start code.
    header.writeUIntLE((body.readUInt16LE(6) & 0x3fff) - 1, 4, 3);
    header.writeUIntLE((body.readUInt16LE(8) & 0x3fff) - 1, 7, 3);
  } else return undefined;
  header[0] = (header[0] ?? 0) | WEBP_HAS_XMP;
  return header;
}

function webpWithout(file: Buffer): Buffer {
  const chunks = riffChunks(file);
  if (!chunks.some(({ type }) => type === "XMP ")) return file;
  const rest = chunks
    .filter(({ type }) => type !== "XMP ")
    .map(({ type, from, to }) => {
      const chunk = Buffer.from(file.subarray(from, to));
      if (type === "VP8X") chunk[8] = (chunk[8] ?? 0) & ~WEBP_HAS_XMP;
      return chunk;
    });
  return Buffer.concat(riffOf(rest));
}

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
