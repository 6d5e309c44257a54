import { rm } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { expect, it } from "vitest";
import { writeDeck } from "../../src/documents/deck/deck.ts";
import { readLogo } from "../../src/documents/pictures/read.ts";
import { readPdf } from "./pdf-reader.ts";
import { newFolder, pageOf } from "./specs.ts";

const NAVY = { ink: "#ffffff", ground: "#17324d" };

/** A disc on nothing. */
async function logoIn(folder: string, fill: string): Promise<string> {
  const path = join(folder, "logo.png");
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="80" height="80"><circle cx="40" cy="40" r="40" fill="${fill}"/></svg>`;
  await sharp(Buffer.from(svg)).png().toFile(path);
  return path;
}

async function cornerOf(jpeg: Buffer): Promise<readonly number[]> {
  const { data } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
  return [...data.subarray(0, 3)];
}

it("a logo stands on its brand's ground, and on a plate where nobody would see it there", async () => {
  const folder = await newFolder();
  const seen = await readLogo(await logoIn(folder, "#ffdd00"), NAVY);
  expect([seen?.widthPx, seen?.heightPx]).toEqual([80, 80]);
  for (const [at, channel] of (await cornerOf(seen?.jpeg ?? Buffer.alloc(0))).entries())
    expect(Math.abs(channel - ([0x17, 0x32, 0x4d][at] ?? 0))).toBeLessThan(8);
  const lost = await readLogo(await logoIn(folder, "#14304a"), NAVY);
  expect(await cornerOf(lost?.jpeg ?? Buffer.alloc(0))).toEqual([255, 255, 255]);
  expect([lost?.widthPx, lost?.heightPx]).toEqual([108, 108]);
  const { width, height } = await sharp(lost?.jpeg).metadata();
  expect([width, height]).toEqual([108, 108]);
});

it("a deck has its chat's type in its headings, and is made without a logo that is gone", async () => {
  const folder = await newFolder();
  const logoPath = await logoIn(folder, "#ffdd00");
  await rm(logoPath);
  const spec = { kind: "deck", title: "Rent strike", subtitle: "", language: "en", pages: [pageOf("Now")] } as const;
  const path = join(folder, "deck.pdf");
  await writeDeck({ ...spec, brand: { font: "slab", logoPath } }, path, () => undefined);
  const fonts = (await readPdf(path, true)).pages.flatMap((page) => page.fonts.map(({ name }) => name));

  expect(fonts.join(" ")).toMatch(/\+Placard-slab /u);
});
