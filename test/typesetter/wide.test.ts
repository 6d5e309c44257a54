import { describe, expect, it } from "vitest";
import type { ImageRequest } from "../../src/domain/recipe.ts";
import { compose } from "../../src/typesetter/composition/compose.ts";
import { bounds, type Page } from "../../src/typesetter/composition/tree.ts";
import { LAYOUTS } from "../../src/typesetter/layouts/families.ts";

interface How {
  readonly steps?: number;
  readonly layout?: string;
}
const pageOf = (
  prompt: string,
  widthPx: number,
  heightPx: number,
  seed: number,
  { steps = 28, layout }: How = {},
): Page => {
  const request: ImageRequest = {
    prompt,
    finalPrompt: prompt,
    styleId: "no_style",
    loraScale: 1,
    guidance: 3,
    trueCfg: 1,
    steps,
    seed,
    widthPx,
    heightPx,
  };
  return compose({ request, trigger: "", hasPhoto: false, ...(layout === undefined ? {} : { layout }) }).page;
};
const letteredArea = (page: Page) => bounds(page.lettering.flatMap((line) => line.box));
/** The middle of the page's largest icon; icons are the marks that are scaled. */
function pictureAt(page: Page): number {
  const icons = page.marks.filter((mark) => mark.transform?.includes("scale(")).map((mark) => bounds(mark.outline));
  const largest = icons.sort((a, b) => b.w - a.w)[0];
  if (!largest) throw new Error("no icon");
  return largest.x + largest.w / 2;
}

const SIZES = [
  [1536, 640],
  [1344, 768],
  [1536, 512],
  [1216, 832],
] as const;
const layouts = LAYOUTS.map(({ name }) => [name] as const);

describe("wide pages", () => {
  it.each(layouts)("%s: picture and lettering side by side, the title large", (name) => {
    for (const [w, h] of SIZES) {
      for (let seed = 1; seed <= 6; seed++) {
        const page = pageOf('"Tenants meeting" large, "Saturday 2 pm" at the very bottom, a fox', w, h, seed, {
          layout: name,
        });
        const area = letteredArea(page);
        const picture = pictureAt(page);
        expect(picture < area.x || picture > area.x + area.w, `${w}×${h}, seed ${seed}`).toBe(true);
        expect(Math.max(...page.lettering.map((line) => line.capPx))).toBeGreaterThan(h * 0.075);
        const last = page.lettering.find((line) => line.phrase === 1);
        expect(last?.y).toBeGreaterThan(h * 0.8);
      }
    }
  });

  it("the seed decides the side", () => {
    const sides = new Set(
      Array.from({ length: 12 }, (_, seed) => letteredArea(pageOf('swiss, "Hello", a fox', 1536, 640, seed)).x > 600),
    );
    expect(sides.size).toBe(2);
  });

  it.each(layouts)("%s: without a place of its own, all lettering stands in the middle of the height", (name) => {
    const area = letteredArea(pageOf('"Bread and roses", "Friday", a fox', 1344, 768, 5, { layout: name }));
    expect(Math.abs(area.y + area.h / 2 - 768 / 2)).toBeLessThan(768 * 0.08);
  });

  it("a phrase asked to the top stands above the title", () => {
    const page = pageOf('riso, "Rent strike" large, "Tonight" at the top, a fist', 1536, 640, 2);
    const yOf = (phrase: number) => page.lettering.find((line) => line.phrase === phrase)?.y ?? Number.NaN;
    expect(yOf(1)).toBeLessThan(640 * 0.25);
    expect(yOf(0)).toBeGreaterThan(yOf(1));
  });

  it("an outlined draft keeps its lines out of the lettering", () => {
    const page = pageOf('rings, "Rent strike", a fist', 1536, 640, 2, { steps: 3 });
    const area = letteredArea(page);
    const cover = page.marks.findIndex((mark) => mark.fill !== undefined && bounds(mark.outline).w >= area.w);
    expect(cover).toBeGreaterThan(0);
    expect(page.marks.slice(0, cover).every((mark) => mark.fill === undefined)).toBe(true);
  });

  it("below 7:5 the page is stacked", () => {
    const page = pageOf('sunburst, "Bread and roses", a fox', 1088, 832, 3);
    const area = letteredArea(page);
    expect(pictureAt(page)).toBeGreaterThan(area.x);
    expect(pictureAt(page)).toBeLessThan(area.x + area.w);
  });
});
