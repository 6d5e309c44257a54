import sharp from "sharp";
import { describe, expect, it } from "vitest";
import type { Recipe } from "../../src/domain/recipe.ts";
import { recipeToText } from "../../src/domain/recipe-text.ts";
import { pngSize, pngTextParts } from "../../src/lib/png.ts";
import { overlap } from "../../src/typesetter/composition/tree.ts";
import { LAYOUTS } from "../../src/typesetter/layouts/families.ts";
import { draw } from "../../src/typesetter/painting/draw.ts";
import { largestWithoutLetters, withoutLettering } from "../../src/typesetter/painting/start-picture.ts";
import { TYPESETTER_MODEL } from "../../src/typesetter/version.ts";
import { compositionOf, requestOf } from "./layouts.ts";
import { changed, decoded } from "./pictures.ts";

const SIZE = { widthPx: 448, heightPx: 640 } as const;
const earlier = requestOf('a fist, "OLD WORDS"', SIZE);
const recipeOf = (change: Partial<Recipe> = {}): Recipe => ({
  placard: 1,
  request: earlier,
  style: { id: "no_style", title: "None", triggerWord: "" },
  backend: "sketch",
  model: TYPESETTER_MODEL,
  reproducible: true,
  notes: [],
  ...change,
});
const drawn = (initBytes?: Uint8Array, request = earlier) => draw({ request, trigger: "", initBytes });
const signed = (png: Uint8Array, recipe: Recipe) => Buffer.concat([...pngTextParts(png, recipeToText(recipe))]);

const photo = await sharp({ create: { width: 300, height: 200, channels: 3, background: "#8899aa" } })
  .composite([
    { input: Buffer.from('<svg width="120" height="120"><circle cx="60" cy="60" r="50"/></svg>'), left: 20, top: 20 },
  ])
  .png()
  .toBuffer();

describe("an earlier poster", () => {
  it.each(LAYOUTS.map(({ name }) => [name]))("%s: the part that is taken holds no letter, and is large", (layout) => {
    for (const size of [SIZE, { widthPx: 768, heightPx: 448 }]) {
      const { page } = compositionOf(requestOf('a fist, "OLD WORDS", "Friday"', size), false, layout);
      const { x, y, w, h } = largestWithoutLetters(page);
      const area = [
        [x, y],
        [x + w, y],
        [x + w, y + h],
        [x, y + h],
      ] as const;
      expect(page.lettering.filter(({ box }) => overlap(area, box))).toEqual([]);
      expect(w * h).toBeGreaterThan(size.widthPx * size.heightPx * 0.2);
    }
  });

  it("is known by its recipe, and only its art goes on", async () => {
    const { png } = await drawn();
    const { page } = compositionOf(earlier);
    const { x, y, w, h } = largestWithoutLetters(page);
    const art = await withoutLettering(signed(png, recipeOf()));
    expect(pngSize(art)).toEqual({ widthPx: Math.floor(w), heightPx: Math.floor(h) });
    const same = await sharp(png).extract({ left: x, top: y, width: w, height: h }).png().toBuffer();
    expect(changed(await decoded(art), await decoded(same))).toBe(0);
  });

  it("of an earlier version is drawn anew without its letters", async () => {
    const white = await sharp({ create: { width: 448, height: 640, channels: 3, background: "#ffffff" } })
      .png()
      .toBuffer();
    const art = await decoded(await withoutLettering(signed(white, recipeOf({ model: "sketch 1" }))));
    expect(art.data.some((value) => value < 200)).toBe(true);
  });

  it("made by a model loses the edges where letters were asked for", async () => {
    const { png } = await drawn();
    const request = { ...earlier, prompt: 'a fist, "OLD" at the top', finalPrompt: 'a fist, "OLD" at the top' };
    const art = await withoutLettering(signed(png, recipeOf({ backend: "comfyui", model: "flux", request })));
    expect(pngSize(art).heightPx).toBe(Math.floor(640 * 0.74));
    const plain = { ...earlier, prompt: "a fist", finalPrompt: "a fist" };
    const whole = await withoutLettering(signed(png, recipeOf({ backend: "comfyui", model: "flux", request: plain })));
    expect(pngSize(whole).heightPx).toBe(640);
  });

  it("anybody's photo is taken as it is", async () => {
    expect(await withoutLettering(photo)).toBe(photo);
  });
});
