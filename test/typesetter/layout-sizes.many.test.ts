import { describe, expect, it } from "vitest";
import { LAYOUTS } from "../../src/typesetter/layouts/families.ts";
import { cases } from "../many.ts";
import { compositionOf, faultsOf, requestOf } from "./layouts.ts";

const SIZES = [
  [832, 1216],
  [1344, 768],
  [1024, 1024],
  [768, 1344],
  [1536, 512],
  [256, 256],
  [1536, 256],
  [256, 1536],
] as const;

describe("layouts", () => {
  it.each(LAYOUTS.map(({ name }) => [name]))("%s: sizes, with and without a photo", (name) => {
    for (const [widthPx, heightPx] of SIZES.slice(0, cases(1, SIZES.length))) {
      for (const hasPhoto of [false, true]) {
        const request = requestOf('a fox and a bear and a wolf, "Bread and roses", "Sunday at ten"', {
          widthPx,
          heightPx,
        });
        expect(compositionOf(request, hasPhoto, name).layout).toBe(name);
        expect(faultsOf({ request, hasPhoto, layout: name })).toEqual([]);
      }
    }
  });

  it.each(LAYOUTS.map(({ name }) => [name]))("%s: places for three signs", (name) => {
    const request = requestOf('a raised fist, bread and a bicycle, "All of us"', { guidance: 6 });
    const { marks } = compositionOf(request, false, name).page;
    const signs = marks.filter(({ transform }) => transform?.includes("scale(")).map(({ d }) => d);
    expect(new Set(signs).size).toBeGreaterThanOrEqual(3);
  });
});
