import { randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { makeLogo } from "../../../src/typesetter/logo/make-logo.ts";

const flat = (width: number, height: number, background: string) =>
  sharp({ create: { width, height, channels: 4, background } });
const svg = (body: string, more = 'viewBox="0 0 100 100"') =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" ${more}>${body}</svg>`);
const fault = async (bytes: Uint8Array) => {
  const made = await makeLogo(bytes);
  return made.ok ? "a logo" : made.fault;
};
async function pixelsOf(bytes: Uint8Array) {
  const made = await makeLogo(bytes);
  if (!made.ok) throw new Error(made.fault);
  const { data, info } = await sharp(made.png).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return {
    at: (x: number, y: number) => [...data.subarray((y * info.width + x) * 4, (y * info.width + x) * 4 + 4)],
    ...made,
  };
}
/** A red square of 100 px with a white one of 40 px in it, on white. */
const boxed = (background = "#ffffff") =>
  flat(200, 160, background).composite([
    { input: { create: { width: 100, height: 100, channels: 3, background: "#d3261c" } }, left: 50, top: 30 },
    { input: { create: { width: 40, height: 40, channels: 3, background: "#ffffff" } }, left: 80, top: 60 },
  ]);

describe("a logo's file", () => {
  it.each(["png", "jpeg", "webp"] as const)(
    "%s: the white box it came in is gone, and white within it stays",
    async (as) => {
      const { widthPx, heightPx, at } = await pixelsOf(await boxed().toFormat(as, { quality: 95 }).toBuffer());
      expect(Math.abs(widthPx - 100) + Math.abs(heightPx - 100)).toBeLessThan(8);
      const [x, y] = [Math.round(widthPx / 2), Math.round(heightPx / 2)];
      expect(at(x, y).every((channel) => channel > 240)).toBe(true);
      expect(at(12, 12)[0]).toBeGreaterThan(180);
    },
  );

  it.each(["#ffdd00", "#111111"])("a box of %s is the logo's own", async (colour) => {
    const { widthPx, heightPx, at } = await pixelsOf(await boxed(colour).png().toBuffer());
    expect([widthPx, heightPx, at(0, 0)[3]]).toEqual([200, 160, 255]);
  });

  it("soft edges of ink on white stay soft: on white they look as before", async () => {
    const drawn = await sharp(svg('<circle cx="50" cy="50" r="40"/>', 'viewBox="0 0 100 100" width="300" height="300"'))
      .flatten({ background: "#ffffff" })
      .png()
      .toBuffer();
    const { png, widthPx } = await pixelsOf(drawn);
    const again = await sharp(png).flatten({ background: "#ffffff" }).greyscale().raw().toBuffer();
    const before = await sharp(drawn)
      .extract({ left: (300 - widthPx) / 2, top: (300 - widthPx) / 2, width: widthPx, height: widthPx })
      .greyscale()
      .raw()
      .toBuffer();
    const far = again.reduce((most, value, at) => Math.max(most, Math.abs(value - (before[at] ?? 0))), 0);
    expect(far).toBeLessThan(30);
  });

  it("edges of nothing are trimmed, and a white logo on white is not emptied", async () => {
    const wide = await flat(400, 400, "#00000000")
      .composite([
        { input: { create: { width: 120, height: 90, channels: 3, background: "#123456" } }, left: 9, top: 200 },
      ])
      .png()
      .toBuffer();
    expect(await pixelsOf(wide)).toMatchObject({ widthPx: 120, heightPx: 90 });
    expect(await pixelsOf(await flat(80, 80, "#ffffff").png().toBuffer())).toMatchObject({ widthPx: 80, heightPx: 80 });
  });

  it("SVG as design programs write it: classes, a prefix, a gradient, a clip, a DOCTYPE", async () => {
    const source = `<?xml version="1.0" encoding="utf-8"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
      <s:svg xmlns:s="http://www.w3.org/2000/svg" xmlns:i="http://www.inkscape.org/x" version="1.1" width="100px" height="50px">
      <s:style type="text/css"><![CDATA[/* c */ .st0{fill:#00AA55;} #b, .st1 { fill:url(#g) !important }]]></s:style>
      <s:defs><s:linearGradient id="g"><s:stop offset="0" style="stop-color:#ff0000"/><s:stop offset="1" stop-color="#ff0000"/></s:linearGradient>
      <s:clipPath id="c"><s:rect width="100" height="50"/></s:clipPath></s:defs>
      <i:namedview/><s:g clip-path="url(#c)"><s:rect class="st0" width="50" height="50"/><s:rect id="b" x="50" width="90" height="50"/></s:g></s:svg>`;
    const { widthPx, heightPx, at } = await pixelsOf(Buffer.from(source));
    expect([widthPx, heightPx]).toEqual([1024, 512]);
    expect(at(200, 200)).toEqual([0, 170, 85, 255]);
    expect(at(800, 200)).toEqual([255, 0, 0, 255]);
  });

  it("is told what is wrong with it", async () => {
    expect(await fault(Buffer.from("GIF89a"))).toBe("damaged");
    expect(await fault(Buffer.from("%PDF-1.7"))).toBe("kind");
    expect(await fault(await flat(63, 40, "#123456").png().toBuffer())).toBe("small");
    expect(await fault(await flat(400, 10, "#123456").png().toBuffer())).toBe("long");
    expect(await fault(await flat(90, 90, "#00000000").png().toBuffer())).toBe("empty");
    expect(await fault(svg(""))).toBe("empty");
    expect(await fault((await flat(300, 300, "#123456").png().toBuffer()).subarray(0, 90))).toBe("damaged");
  });

  it("a small file of many pixels is refused before it is unpacked", async () => {
    const bomb = await sharp({ create: { width: 1, height: 1, channels: 3, background: "#fff" } })
      .png()
      .toBuffer();
    bomb.writeUInt32BE(12_000, 16);
    bomb.writeUInt32BE(12_000, 20);
    bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29);
    expect(await fault(bomb)).toBe("pixels");
  });

  it("what is kept is a megabyte at most", async () => {
    const noise = randomBytes(640 * 640 * 3);
    const png = await sharp(noise, { raw: { width: 640, height: 640, channels: 3 } })
      .png()
      .toBuffer();
    const made = await pixelsOf(png);
    expect(made.png.length).toBeLessThanOrEqual(1024 * 1024);
    expect(made.widthPx).toBeLessThan(640);
  });
});
