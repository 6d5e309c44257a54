import sharp, { type Sharp } from "sharp";
import { expect, it } from "vitest";
import { bitsApart, FINGERPRINT_SMALL, fingerprintOf, SAME_WITHIN_BITS } from "../../src/lib/fingerprint.ts";

/** A poster with a disc and words' worth of bars, somewhere. */
const poster = (x: number, y: number, ground = "#f4ead5"): Sharp =>
  sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="832" height="1216"><rect width="832" height="1216" fill="${ground}"/><circle cx="${x}" cy="${y}" r="240" fill="#c8102e"/><rect x="80" y="${1216 - y}" width="600" height="90"/><rect x="${x / 2}" y="60" width="200" height="300" fill="#333"/></svg>`,
    ),
  ).flatten();

async function look(image: Sharp): Promise<string> {
  const { data, info } = await sharp(await image.png().toBuffer())
    .resize(FINGERPRINT_SMALL)
    .raw()
    .toBuffer({ resolveWithObject: true });
  return fingerprintOf({ data, widthPx: info.width, heightPx: info.height, channels: info.channels });
}

const first = await look(poster(416, 400));

it.each([
  ["smaller", () => poster(416, 400).resize(300)],
  ["larger", () => poster(416, 400).resize(1600)],
  ["as a poor JPEG", async () => sharp(await poster(416, 400).jpeg({ quality: 40 }).toBuffer())],
  ["smaller as WebP", async () => sharp(await poster(416, 400).resize(320).webp({ quality: 50 }).toBuffer())],
  ["in grey", () => poster(416, 400).greyscale()],
])("is nearly the same of a picture that comes back %s", async (_how, again) => {
  expect(first).toMatch(/^[0-9a-f]{16}$/);
  expect(bitsApart(first, await look(await again()))).toBeLessThanOrEqual(SAME_WITHIN_BITS);
});

it.each([
  [200, 900],
  [600, 300],
  [416, 800],
])("is another one of another picture", async (x, y) => {
  expect(bitsApart(first, await look(poster(x, y)))).toBeGreaterThan(SAME_WITHIN_BITS);
});

it("counts bits", () => {
  expect(bitsApart("0000000000000000", "ffffffffffffffff")).toBe(64);
  expect(bitsApart("80000000000000ff", "00000000000000ff")).toBe(1);
  expect(bitsApart("00000000f0000001", "00000000f0000001")).toBe(0);
});
