import { describe, expect, it } from "vitest";
import { bounds } from "../../src/typesetter/composition/tree.ts";
import { FAMILIES } from "../../src/typesetter/layouts/families.ts";
import { cases } from "../many.ts";
import { compositionOf, requestOf } from "./layouts.ts";
import { changed, flatShare, leaningEdge, pictureOf } from "./pictures.ts";

/** Any words: what they name must not matter. */
const WORDS = [
  '"RENT STRIKE", "1 May, town square"',
  "three neighbours plant a tree in the rain",
  '"Rent is too damn high and we will not pay it", "Tenants’ meeting every Tuesday, 7 pm"',
  'swiss poster of an owl, "READING CIRCLE" at the top, "Thursdays" small at the bottom',
  'a pot of soup and bread, "Küche für alle", "jeden Mittwoch, 19 Uhr, Hinterhof"',
  '"СВОБОДА", night, a dove',
].slice(0, cases(1, 6));
const SEEDS = Array.from({ length: 12 }, (_, index) => index + 1);
const asked = { styleId: "rca", trigger: "RCA style" } as const;

describe.each(WORDS)("/rca %s, seeds 1 to 12", (words) => {
  const prompt = `RCA style, ${words}`;

  it("four flat colours, a leaning edge, and no two alike", async () => {
    const pictures = await Promise.all(
      SEEDS.map((seed) => pictureOf(prompt, { ...asked, seed, widthPx: 256, heightPx: 384 })),
    );
    for (const [index, picture] of pictures.entries()) {
      expect(flatShare(picture, 4), `seed ${SEEDS[index]}`).toBeGreaterThan(0.9);
      expect(leaningEdge(picture), `seed ${SEEDS[index]}`).toBeGreaterThan(0.105);
      for (const other of pictures.slice(index + 1)) expect(changed(picture, other)).toBeGreaterThan(0.12);
    }
  });

  it("the title takes at least an eighth of the height", () => {
    for (const seed of SEEDS) {
      const { page, layout } = compositionOf(requestOf(prompt, { styleId: "rca", seed }));
      const title = page.lettering.filter(({ phrase }) => phrase === page.lettering[0]?.phrase);
      expect(bounds(title.flatMap(({ box }) => box)).h / page.heightPx, layout).toBeGreaterThan(0.12);
    }
  });

  it("a layout of its own for each seed", () => {
    const seen = SEEDS.map((seed) => compositionOf(requestOf(prompt, { styleId: "rca", seed })).layout);
    expect(new Set(seen)).toEqual(new Set(FAMILIES.constructivist.map(({ name }) => name)));
  });
});
