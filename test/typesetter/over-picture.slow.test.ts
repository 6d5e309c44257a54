import { afterAll, describe, expect, it } from "vitest";
import { changedPixels, rasterOf, readingOf } from "../referees/over-picture.ts";
import { BACKGROUNDS, FACES, faceShare } from "./backgrounds.ts";
import { isDrawnBy, layerOf, MOST_DRAWN, missingInk, openLetterer, shareOf } from "./letterer.ts";
import { MORE_SCRIPTS, SIX_SCRIPTS } from "./script-words.ts";

// The contact sheet, judged by its pixels; nothing of the typesetter is imported.
const SIDE_PX = 448;
const PLACES = ["top", "middle", "bottom"] as const;
const letterer = openLetterer();
afterAll(() => letterer.close());

describe.each(Object.entries(BACKGROUNDS))("words over %s", (name, make) => {
  it.each(Object.entries(SIX_SCRIPTS))(
    "can be read in %s at every place, and touch nothing else",
    async (script, typed) => {
      const picture = await make(SIDE_PX);
      const before = await rasterOf(picture);
      for (const place of PLACES) {
        const { png, set } = await letterer.letter(picture, { layer: layerOf(typed, place) });
        const after = await rasterOf(png);
        const { wellShare, worstMedian, looked } = readingOf(before, after);
        expect(looked, `${script} ${place}`).toBeGreaterThan(200);
        expect(wellShare, `${script} ${place}`).toBeGreaterThan(0.97);
        expect(worstMedian, `${script} ${place}`).toBeGreaterThan(4.5);
        expect(set.place).toBe(place);
        const changed = changedPixels(before, after);
        const outside = changed.findIndex(
          (is, pixel) => is === 1 && !isDrawnBy(set, pixel % before.widthPx, Math.floor(pixel / before.widthPx)),
        );
        expect(outside, `${script} ${place}`).toBe(-1);
        expect(shareOf(changed), `${script} ${place}`).toBeLessThan(MOST_DRAWN);
        expect(faceShare(changed, before, FACES[name]), `${script} ${place}`).toBe(0);
      }
    },
  );
});

describe("words over paper", () => {
  it.each(Object.entries({ ...SIX_SCRIPTS, ...MORE_SCRIPTS }))(
    "are lettered in %s, all of them",
    async (_script, typed) => {
      const paper = await (BACKGROUNDS["light paper"]?.(256) ?? Promise.reject(new Error("no paper")));
      const { set, png } = await letterer.letter(paper, { layer: layerOf(typed, "top") });
      const said = set.parts.flatMap(({ text = "" }) => text).join("");
      expect(said.replace(/\s/gu, "")).toBe(typed.replace(/\s/gu, ""));
      const drawn = set.parts.filter(({ kind }) => kind === "line");
      expect(drawn.every(({ capPx = 0 }) => capPx >= 3)).toBe(true);
      const before = await rasterOf(paper);
      const after = await rasterOf(png);
      expect(missingInk(changedPixels(before, after), set)).toEqual([]);
      for (const { box } of drawn) {
        const changed = changedPixels(before, after).filter((is, pixel) => {
          const [x, y] = [pixel % before.widthPx, Math.floor(pixel / before.widthPx)];
          return is === 1 && x >= box.x && x < box.x + box.w && y >= box.y && y < box.y + box.h;
        });
        expect(changed.length / (box.w * box.h)).toBeGreaterThan(0.12);
      }
    },
  );

  it("are the same bytes in another thread", async () => {
    const picture = await (BACKGROUNDS["gradient"]?.(SIDE_PX) ?? Promise.reject(new Error("no gradient")));
    const layer = layerOf(SIX_SCRIPTS.Arabic);
    const other = openLetterer();
    const [one, two] = [await letterer.letter(picture, { layer }), await other.letter(picture, { layer })];
    await other.close();
    expect(Buffer.compare(one.png, two.png)).toBe(0);
  });
});
