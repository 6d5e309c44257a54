import { crc32, deflateSync } from "node:zlib";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { sniffImage } from "../../src/lib/image-kind.ts";
import {
  decodablePng,
  pngSize,
  pngTextParts,
  readPngText,
  stripCheckedPng,
  stripPng,
  withPngText,
} from "../../src/lib/png.ts";

let png: Uint8Array;
beforeAll(async () => {
  png = await sharp({ create: { width: 5, height: 7, channels: 3, background: "red" } })
    .png()
    .toBuffer();
});

const KEYS = ["a", "parameters", "placard"];
const texts = [
  { keyword: "parameters", text: "Füchse, 狐\nSteps: 3" },
  { keyword: "placard", text: '{"a":1}' },
];
function withChunk(type: string, body: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type), body]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  check.writeUInt32BE(crc32(typed));
  return Buffer.concat([png.subarray(0, 33), length, typed, check, png.subarray(33)]);
}

describe("texts of a PNG", () => {
  it("come back as written, and other programs accept the file", async () => {
    const written = withPngText(png, texts);
    expect(await readPngText(written, KEYS)).toEqual(texts);
    expect(await readPngText(withPngText(written, texts), KEYS)).toEqual(texts);
    expect((await sharp(written).metadata()).width).toBe(5);
    expect(Buffer.from(stripPng(written))).toEqual(Buffer.from(stripPng(png)));
    expect(await readPngText(stripPng(written), KEYS)).toEqual([]);
  });
  it("are read from tEXt and zTXt", async () => {
    expect(await readPngText(withChunk("tEXt", Buffer.from("a\0caf\xe9", "latin1")), KEYS)).toEqual([
      { keyword: "a", text: "café" },
    ]);
    expect(
      await readPngText(withChunk("zTXt", Buffer.concat([Buffer.from("a\0\0"), deflateSync("long")])), KEYS),
    ).toEqual([{ keyword: "a", text: "long" }]);
  });
  it("are not unpacked beyond 1 MB", async () => {
    const bomb = (size: number) =>
      withChunk("zTXt", Buffer.concat([Buffer.from("a\0\0"), deflateSync(Buffer.alloc(size, 97))]));
    expect(await readPngText(bomb(1_000_000), KEYS)).toHaveLength(1);
    expect(await readPngText(bomb(1_000_001), KEYS)).toEqual([]);
    expect(await readPngText(bomb(100_000_000), KEYS)).toEqual([]);
  });
});

it("knows pictures by their bytes", () => {
  expect(sniffImage(png)).toBe("image/png");
  expect(pngSize(png)).toEqual({ widthPx: 5, heightPx: 7 });
  expect(sniffImage(Buffer.from("ffd8ffe0", "hex"))).toBe("image/jpeg");
  expect(sniffImage(Buffer.from("RIFF1234WEBP"))).toBe("image/webp");
  expect(sniffImage(Buffer.from("<svg>"))).toBeUndefined();
  expect(() => pngSize(png.subarray(0, 20))).toThrow("not a PNG");
  expect(() => stripPng(png.subarray(0, -1))).toThrow("truncated");
});

it("copies no pixels where nothing is left out", () => {
  for (const make of [stripPng, stripCheckedPng, decodablePng]) expect(make(png).buffer).toBe(png.buffer);
  const [head, added, rest] = pngTextParts(stripPng(png), texts);
  expect([head?.buffer, rest?.buffer]).toEqual([png.buffer, png.buffer]);
  expect(
    Buffer.concat([head, added, rest].map((part) => part ?? Buffer.alloc(0))).equals(withPngText(png, texts)),
  ).toBe(true);
});
