import { crc32, deflateSync } from "node:zlib";
import sharp from "sharp";

const SIGNATURE = Buffer.from("89504e470d0a1a0a", "hex");

export function pngChunk(type: string, body: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, "latin1"), body]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  check.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, check]);
}

/** A PNG whose header promises this much and whose pixels are missing. */
function pngPromising(
  widthPx: number,
  heightPx: number,
  between: readonly Buffer[] = [],
  { bits, inPasses }: { readonly bits: 8 | 16; readonly inPasses: boolean } = { bits: 8, inPasses: false },
): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(widthPx, 0);
  header.writeUInt32BE(heightPx, 4);
  header.set([bits, 6, 0, 0, inPasses ? 1 : 0], 8);
  return Buffer.concat([
    SIGNATURE,
    pngChunk("IHDR", header),
    ...between,
    pngChunk("IDAT", deflateSync(Buffer.alloc(64))),
    pngChunk("IEND", Buffer.alloc(0)),
  ]);
}

const packedText = (keyword: string, bytes: number): Buffer =>
  pngChunk("zTXt", Buffer.concat([Buffer.from(`${keyword}\0\0`), deflateSync(Buffer.alloc(bytes, 97), { level: 9 })]));

/** 10 MB that unpack to 10 GB, under the keyword that is read. */
const bombs = (keyword: string): Buffer => {
  const bomb = packedText(keyword, 1_000_001);
  return pngPromising(1, 1, new Array<Buffer>(10_300).fill(bomb));
};

/** Files that members send to hurt, by what they are. */
export async function hostileFiles(): Promise<ReadonlyMap<string, Buffer>> {
  const picture = (widthPx: number, heightPx: number) =>
    sharp({ create: { width: widthPx, height: heightPx, channels: 3, background: "#123456" } });
  const jpeg = await picture(64, 64).jpeg().toBuffer();
  const webp = await picture(8, 8).webp().toBuffer();
  const huge = Buffer.from(webp);
  // VP8's own width and height, 14 bits each.
  huge.writeUInt32LE(0x3fff_3fff, 26);
  return new Map([
    ["10,300 compressed texts that are read", bombs("parameters")],
    ["10,300 compressed texts that are not", bombs("Comment")],
    ["120,000 empty chunks", pngPromising(1, 1, new Array<Buffer>(120_000).fill(pngChunk("tEXt", Buffer.alloc(0))))],
    [
      "a text of one long line",
      pngPromising(1, 1, [pngChunk("tEXt", Buffer.from(`parameters\0${'a:"'.repeat(300_000)}`))]),
    ],
    ["a recipe of brackets", pngPromising(1, 1, [pngChunk("tEXt", Buffer.from(`placard\0${"[".repeat(900_000)}`))])],
    ["a PNG of 3.6 gigapixels", pngPromising(60_000, 60_000)],
    ["30 lines of 850,000 pixels", pngPromising(852_008, 30)],
    ["a PNG of no pixels", pngPromising(0, 0)],
    ["a PNG that promises and has nothing", pngPromising(4000, 4000)],
    ["25 megapixels of 16 bits in passes", pngPromising(5000, 5000, [], { bits: 16, inPasses: true })],
    ["a JPEG cut short", jpeg.subarray(0, jpeg.length / 2)],
    ["a JPEG of nothing but its name", Buffer.from("ffd8ffe000104a464946", "hex")],
    ["a WebP of 268 megapixels", huge],
    ["a GIF", Buffer.from("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7", "base64")],
    ["a HEIC", Buffer.from("000000186674797068656963000000006d69663168656963", "hex")],
    ["an AVIF", Buffer.from("0000001c667479706176696600000000617669666d696631", "hex")],
    ["a JPEG XL", Buffer.from("ff0a7f0a0000", "hex")],
    [
      "an SVG that names a file",
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'),
    ],
    ["a PDF", Buffer.from("%PDF-1.7\n")],
    ["a ZIP", Buffer.from("504b0304", "hex")],
    ["nothing", Buffer.alloc(0)],
  ]);
}
