import sharp from "sharp";
import { afterAll, describe, expect, it } from "vitest";
import { setLetteringSchema } from "../../src/domain/lettering.ts";
import { changedPixels, rasterOf, readingOf } from "../referees/over-picture.ts";
import { BACKGROUNDS, FACES, faceShare } from "./backgrounds.ts";
import {
  isDrawnBy,
  type Layer,
  layerOf,
  MOST_DRAWN,
  missingInk,
  openLetterer,
  shareOf,
  type ToldSet,
} from "./letterer.ts";
import { SIX_SCRIPTS } from "./script-words.ts";

const SIDE_PX = 320;
const letterer = openLetterer();
afterAll(() => letterer.close());

const background = (name: string, sidePx = SIDE_PX): Promise<Buffer> => {
  const make = BACKGROUNDS[name];
  if (!make) throw new Error(`no background ${name}`);
  return make(sidePx);
};

const SOME = [
  ["a face, large", "middle"],
  ["busy, all colours", "top"],
  ["gradient", "bottom"],
] as const;

describe("words over a picture", () => {
  it.each(SOME)("can be read on %s, at the %s, and nothing else is touched", async (name, place) => {
    const picture = await background(name, 256);
    const { png, set } = await letterer.letter(picture, { layer: layerOf(SIX_SCRIPTS.Latin, place) });
    const [before, after] = [await rasterOf(picture), await rasterOf(png)];
    const { wellShare, worstMedian } = readingOf(before, after);
    expect(wellShare).toBeGreaterThan(0.97);
    expect(worstMedian).toBeGreaterThan(4.5);
    const changed = changedPixels(before, after);
    const outside = changed.findIndex(
      (is, pixel) => is === 1 && !isDrawnBy(set, pixel % before.widthPx, Math.floor(pixel / before.widthPx)),
    );
    expect(outside).toBe(-1);
    expect(shareOf(changed)).toBeLessThan(MOST_DRAWN);
    expect(faceShare(changed, before, FACES[name])).toBe(0);
  });

  it("are the same bytes from the same picture, and from the set as it was stored", async () => {
    const picture = await background("gradient");
    const layer = layerOf(SIX_SCRIPTS.Arabic);
    const first = await letterer.letter(picture, { layer });
    expect(Buffer.compare((await letterer.letter(picture, { layer })).png, first.png)).toBe(0);
    const set = JSON.parse(JSON.stringify(setLetteringSchema.parse(first.set))) as ToldSet;
    expect(Buffer.compare((await letterer.letter(picture, { set })).png, first.png)).toBe(0);
  });

  it("have every letter", async () => {
    const paper = await background("light paper", 256);
    const { png, set } = await letterer.letter(paper, { layer: layerOf("Rent strike now\nSaturday 14:00", "top") });
    expect(missingInk(changedPixels(await rasterOf(paper), await rasterOf(png)), set)).toEqual([]);
  });

  it("are changed without one pixel of the rest", async () => {
    const picture = await background("a face, high up");
    const one = await letterer.letter(picture, { layer: layerOf("Rent strike\nSaturday 14:00") });
    const two = await letterer.letter(picture, { layer: layerOf("General assembly, all are invited\nSunday 10:00") });
    const [a, b] = [await rasterOf(one.png), await rasterOf(two.png)];
    const apart = [...changedPixels(a, b).entries()].filter(
      ([pixel, is]) =>
        is === 1 && ![one.set, two.set].some((set) => isDrawnBy(set, pixel % a.widthPx, Math.floor(pixel / a.widthPx))),
    );
    expect(apart).toEqual([]);
    expect(shareOf(changedPixels(a, b))).toBeLessThan(MOST_DRAWN);
    expect(Buffer.compare(one.png, two.png)).not.toBe(0);
  });

  it("begin at the right where they are read from there", async () => {
    const { set } = await letterer.letter(await background("dark, nearly nothing"), {
      layer: layerOf("إضراب الإيجار\nالسبت 14:00، قاعة النقابة", "bottom"),
    });
    const ends = set.parts.filter(({ kind }) => kind === "line").map(({ box }) => box.x + box.w);
    expect(Math.max(...ends) - Math.min(...ends)).toBeLessThan(0.1);
  });

  it("keep to the margins, in pictures of every shape", async () => {
    for (const [widthPx, heightPx] of [
      [256, 1536],
      [1536, 256],
      [256, 256],
    ] as const) {
      const picture = await sharp({ create: { width: widthPx, height: heightPx, channels: 3, background: "#777777" } })
        .png()
        .toBuffer();
      const { set } = await letterer.letter(picture, {
        layer: layerOf("Everybody to the square at noon\nBring water", "auto"),
      });
      const margin = 0.045 * Math.min(widthPx, heightPx);
      for (const { box, kind } of set.parts)
        if (kind === "line") {
          expect(Math.min(box.x, box.y)).toBeGreaterThan(margin);
          expect(box.x + box.w).toBeLessThan(widthPx - margin);
          expect(box.y + box.h).toBeLessThan(heightPx - margin);
        }
    }
  });

  it("stand on a smaller picture as on the large one", async () => {
    const large = await letterer.letter(await background("warm, round", 768), { layer: layerOf("Coffee for all") });
    const small = await background("warm, round", 192);
    const { png, set } = await letterer.letter(small, { set: large.set });
    expect(set).toEqual(large.set);
    const [before, after] = [await rasterOf(small), await rasterOf(png)];
    const scale = before.widthPx / large.set.widthPx;
    const touched = changedPixels(before, after);
    for (const [pixel, is] of touched.entries())
      if (is === 1)
        expect(isDrawnBy(large.set, (pixel % before.widthPx) / scale, Math.floor(pixel / before.widthPx) / scale)).toBe(
          true,
        );
    expect(touched.reduce((sum, is) => sum + is, 0)).toBeGreaterThan(300);
  });
});

describe("an agenda over a picture", () => {
  const agenda: Layer = {
    lettering: 1,
    words: [
      { text: "Agenda", level: "title" },
      {
        text: "1. Welcome\n2. Repairs, and who does them, and when they are done\n3. Next steps",
        level: "details",
        list: true,
      },
    ],
    place: "middle",
  };

  it("stays one: an item a line, and what is longer hangs from its number", async () => {
    const { set } = await letterer.letter(await background("light paper"), { layer: agenda });
    const lines = set.parts.filter(({ kind }) => kind === "line");
    const [first, ...items] = lines;
    expect(first?.text).toBe("Agenda");
    const starts = items.map(({ box, text = "" }) => [/^\d/u.test(text), Math.round(box.x)] as const);
    const [numbered, hanging] = [true, false].map(
      (is) => new Set(starts.filter(([own]) => own === is).map(([, x]) => x)),
    );
    expect(items.filter(({ text = "" }) => /^\d/u.test(text))).toHaveLength(3);
    expect(Math.max(...(numbered ?? [])) - Math.min(...(numbered ?? []))).toBeLessThanOrEqual(3);
    for (const x of hanging ?? []) expect(x).toBeGreaterThan(Math.max(...(numbered ?? [])));
    expect((hanging ?? new Set()).size).toBeGreaterThan(0);
  });
});

describe("a chat's colours", () => {
  it("are those of the letters, or of a plate where they would not read", async () => {
    const colours = { ink: "#ffd400", ground: "#7a0019" };
    const dark = await letterer.letter(await background("dark, nearly nothing"), {
      layer: { ...layerOf("Solidarity"), colours },
    });
    expect(new Set(dark.set.parts.map(({ fill }) => fill))).toEqual(new Set(["#ffd400"]));
    const light = await letterer.letter(await background("busy, all colours"), {
      layer: { ...layerOf("Solidarity"), colours },
    });
    expect(new Set(light.set.parts.map(({ fill }) => fill))).toEqual(new Set(["#7a0019", "#ffd400"]));
  });
});
