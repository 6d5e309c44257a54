import sharp from "sharp";
import { expect, it } from "vitest";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { sourceTypePacket, withoutXmp, withXmp, withXmpOf, xmpOf } from "../../src/lib/xmp-mark.ts";

const png = Buffer.from(tinyPng(64, 48, "x"));
const half = sharp(png).ensureAlpha(0.5);
const files: readonly (readonly [string, Buffer])[] = [
  ["PNG", png],
  ["JPEG", await sharp(png).jpeg().toBuffer()],
  [
    "JPEG with EXIF",
    await sharp(png)
      .withExif({ IFD0: { Artist: "x" } })
      .jpeg()
      .toBuffer(),
  ],
  ["WebP", await sharp(png).webp().toBuffer()],
  ["lossless WebP", await sharp(png).webp({ lossless: true }).toBuffer()],
  ["lossless WebP with alpha", await half.clone().webp({ lossless: true }).toBuffer()],
  ["WebP with alpha", await half.clone().webp().toBuffer()],
];
const packet = sourceTypePacket("algorithmicMedia");

it.each(files)("puts the mark into a %s that another reader finds there, and changes no pixel", async (_kind, bare) => {
  const marked = withXmp(bare, packet);
  const read = await sharp(marked).metadata();
  expect(read.xmp?.toString()).toContain("digitalsourcetype/algorithmicMedia");
  expect(read.hasAlpha).toBe((await sharp(bare).metadata()).hasAlpha);
  expect(marked.length - bare.length).toBeLessThan(600);
  const [under, before] = await Promise.all([marked, bare].map((each) => sharp(each).raw().toBuffer()));
  expect(under?.equals(before ?? Buffer.alloc(0))).toBe(true);
  expect(xmpOf(marked)).toBe(packet);
  // Once, however often it is marked.
  const again = withXmp(marked, sourceTypePacket("trainedAlgorithmicMedia"));
  expect(xmpOf(again)).toContain("/trainedAlgorithmicMedia");
  expect(xmpOf(withoutXmp(again))).toBeUndefined();
});

it.each(files.filter(([kind]) => !kind.includes("WebP")))("leaves of a %s its very bytes", (_kind, bare) => {
  expect(Buffer.from(withoutXmp(withXmp(bare, packet))).equals(bare)).toBe(true);
  expect(withoutXmp(bare).buffer).toBe(bare.buffer);
});

it("takes the mark along where a picture is coded again, and invents none", () => {
  const [[, first] = ["", png], [, second] = ["", png]] = files;
  expect(xmpOf(withXmpOf(withXmp(first, packet), second))).toBe(packet);
  expect(withXmpOf(first, second)).toBe(second);
});

it("leaves alone what is no picture, and what is cut off", () => {
  for (const [, whole] of files)
    for (const end of [0, 3, 12, 20, 34]) expect(() => withXmp(whole.subarray(0, end), packet)).not.toThrow();
  expect(xmpOf(Buffer.from("no picture"))).toBeUndefined();
});
