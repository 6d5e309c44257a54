import { deflateSync } from "node:zlib";
import sharp from "sharp";
import { afterAll, describe, expect, it } from "vitest";
import { letteringLayerSchema, setLetteringSchema } from "../../src/domain/lettering.ts";
import { letterOver, NotLettered } from "../../src/typesetter/letter-over.ts";
import { wordsOf } from "../../src/typesetter/overlay/words.ts";
import { pngFile } from "../../src/typesetter/painting/png.ts";
import { openTypesetter } from "../../src/typesetter/worker-pool.ts";

const typesetter = openTypesetter("letterer of a test", 1);
afterAll(() => typesetter.close());
const { signal } = new AbortController();

const layerOf = (typed: string, more: object = {}) =>
  letteringLayerSchema.parse({ lettering: 1, words: wordsOf(typed), place: "auto", ...more });
const letter = (picture: Uint8Array, typed = "Strike", more: object = {}) =>
  letterOver(typesetter, { picture: new Uint8Array(picture), words: { layer: layerOf(typed, more) } }, signal);
const flat = (widthPx: number, heightPx: number, background = "#345678") =>
  sharp({ create: { width: widthPx, height: heightPx, channels: background.length > 7 ? 4 : 3, background } });

describe("pictures that words are set over", () => {
  it("stand upright, whatever their EXIF says of the camera", async () => {
    const turned = await flat(400, 200).jpeg().withMetadata({ orientation: 6 }).toBuffer();
    const { png, set } = await letter(turned);
    expect(await sharp(png).metadata()).toMatchObject({ width: 200, height: 400, format: "png" });
    expect((await sharp(png).metadata()).orientation).toBeUndefined();
    expect(set).toMatchObject({ widthPx: 200, heightPx: 400 });
  });

  it("keep what shines through, and have a plate under words where nobody knows what will lie below", async () => {
    const clear = await flat(300, 300, "#ff000000").png().toBuffer();
    const { png, set } = await letter(clear);
    const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
    expect(info.channels).toBe(4);
    expect(data[3]).toBe(0);
    expect(set.parts.some(({ kind }) => kind === "plate")).toBe(true);
    const opaque = await letter(await flat(300, 300, "#ff0000ff").png().toBuffer());
    expect((await sharp(opaque.png).metadata()).channels).toBe(3);
  });

  it("may be in any format, of one channel, sixteen bits or for print", async () => {
    const grey = await flat(256, 256, "#808080").toColourspace("b-w").png().toBuffer();
    const deep = await flat(256, 256).toColourspace("rgb16").png().toBuffer();
    const print = await flat(256, 256).toColourspace("cmyk").jpeg().toBuffer();
    const palette = await flat(256, 256).png({ palette: true }).toBuffer();
    for (const picture of [grey, deep, print, palette, await flat(256, 256).webp().toBuffer()]) {
      const { png } = await letter(picture);
      expect(await sharp(png).metadata()).toMatchObject({ width: 256, height: 256, channels: 3, depth: "uchar" });
    }
  });

  it("are made smaller where nobody could look at them whole", async () => {
    const { set, png } = await letter(await flat(4096, 1024).png().toBuffer());
    expect(set).toMatchObject({ widthPx: 4096, heightPx: 1024 });
    expect(await sharp(png).metadata()).toMatchObject({ width: 4096, height: 1024 });
  });

  it("are lettered down to a few pixels", async () => {
    for (const side of [1, 7, 40])
      expect((await letter(await flat(side, side).png().toBuffer())).set.widthPx).toBe(side);
  });

  it("are refused in words of their own where they are none, are cut short, or would fill the memory", async () => {
    const whole = await flat(256, 256).png().toBuffer();
    const bomb = pngFile(60_000, 60_000, 2, deflateSync(Buffer.alloc(1000)));
    for (const bytes of [Buffer.from("no picture"), Buffer.alloc(0), whole.subarray(0, whole.length - 40), bomb])
      await expect(letter(bytes)).rejects.toThrow(NotLettered);
    // And the next one is lettered as if nothing had been.
    expect((await letter(whole)).png.length).toBeGreaterThan(100);
  });
});

describe("words over a picture", () => {
  it("are all there, however many", async () => {
    const picture = await flat(512, 512).png().toBuffer();
    const agenda = `Agenda\n${Array.from({ length: 24 }, (_, index) => `${index + 1}. Item number ${index + 1}`).join("\n")}`;
    const { set } = await letter(picture, agenda);
    expect(set.parts.filter(({ kind }) => kind === "line")).toHaveLength(25);
    for (const { box } of set.parts) expect(box.y + box.h).toBeLessThanOrEqual(512);
    const long = await letter(
      picture,
      `${"Solidarität ".repeat(60)}\n${"Donaudampfschifffahrtsgesellschaft".repeat(6)}`,
    );
    for (const { box } of long.set.parts) {
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.x + box.w).toBeLessThanOrEqual(512);
      expect(box.y + box.h).toBeLessThanOrEqual(512);
    }
  });

  it("do not lie over each other", async () => {
    const { set } = await letter(
      await flat(512, 640).png().toBuffer(),
      "Ángström Çağ\nyg ÅÂ jq\nSaturday 14:00\nTonight, all of us",
    );
    const lines = set.parts.filter(({ kind }) => kind === "line").map(({ box }) => box);
    lines.forEach((box, index) => {
      const next = lines[index + 1];
      if (next) expect(next.y).toBeGreaterThanOrEqual(box.y + box.h - 0.02);
    });
  });

  it("leave a corner to a code that can be scanned, and one to a logo", async () => {
    const { decodeQR } = await import("qr/decode.js");
    const logo = { key: "l", widthPx: 40, heightPx: 20 };
    const picture = new Uint8Array(await flat(640, 640).png().toBuffer());
    const layer = layerOf("Strike\nSaturday 14:00", { link: "https://example.org/strike", logo, place: "top" });
    const drawn = new Uint8Array(await flat(40, 20, "#00ff00").png().toBuffer());
    const { png, set } = await letterOver(typesetter, { picture, words: { layer }, logo: drawn }, signal);
    const { data, info } = await sharp(png).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    expect(decodeQR({ width: info.width, height: info.height, data })).toBe("https://example.org/strike");
    const place = set.parts.find(({ kind }) => kind === "logo")?.box;
    const [x, y] = [Math.round((place?.x ?? 0) + 5), Math.round((place?.y ?? 0) + 5)];
    expect([...data.subarray((y * info.width + x) * 4, (y * info.width + x) * 4 + 3)]).toEqual([0, 255, 0]);
    // What stands in a corner stands on no word.
    const [code, ...others] = set.parts
      .filter(({ kind }) => kind !== "plate")
      .toReversed()
      .map(({ box }) => box);
    for (const box of others) expect(box.x < (code?.x ?? 0) + (code?.w ?? 0) && box.y < 0).toBe(false);
  });
});

describe("a set that was stored", () => {
  it("draws and does nothing else", () => {
    const line = {
      kind: "line",
      text: "x",
      level: "title",
      box: { x: 0, y: 0, w: 1, h: 1 },
      capPx: 9,
      fill: "#000000",
      glyphs: [],
    };
    const set = { set: 1, widthPx: 64, heightPx: 64, place: "top", outlines: ["m0 0l5 5z"], parts: [line] };
    expect(setLetteringSchema.safeParse(set).success).toBe(true);
    for (const outlines of [['m0 0"/><script>'], ["url(#a)"], ["m0 0&lt;"]])
      expect(setLetteringSchema.safeParse({ ...set, outlines }).success).toBe(false);
    for (const fill of ['#000"', "red", "url(x)"])
      expect(setLetteringSchema.safeParse({ ...set, parts: [{ ...line, fill }] }).success).toBe(false);
    expect(setLetteringSchema.safeParse({ ...set, parts: [{ ...line, capPx: Number.NaN }] }).success).toBe(false);
  });
});
