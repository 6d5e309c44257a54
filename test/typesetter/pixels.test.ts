import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { colourOf, contrastOf } from "../../src/lib/colour.ts";
import { compose } from "../../src/typesetter/composition/compose.ts";
import { bounds } from "../../src/typesetter/composition/tree.ts";
import { LAYOUTS } from "../../src/typesetter/layouts/families.ts";
import { draw } from "../../src/typesetter/painting/draw.ts";
import { encodePng } from "../../src/typesetter/painting/png.ts";
import { pixelsRequestOf } from "./layouts.ts";

const layouts = LAYOUTS.map(({ name }) => [name] as const);

describe("the finished pixels", () => {
  it.each(layouts)(
    "%s: the lettering's two commonest colours contrast at least 4.5:1 after texture",
    async (layout) => {
      const request = {
        ...pixelsRequestOf('a fox, "BREAD AND ROSES", "Sunday at ten"', 3),
        widthPx: 256,
        heightPx: 384,
      };
      const { page } = compose({ request, trigger: "", hasPhoto: false, layout });
      const { png } = await draw({ request, trigger: "", initBytes: undefined, layout });
      const title = page.lettering[0];
      if (!title) throw new Error("no lettering");
      const area = bounds(title.box);
      const { data } = await sharp(png)
        .extract({
          left: Math.floor(area.x),
          top: Math.floor(area.y),
          width: Math.ceil(area.w),
          height: Math.ceil(area.h),
        })
        .raw()
        .toBuffer({ resolveWithObject: true });
      // Grain spreads one ink over neighbouring values: counted in bins of 32.
      const bins = new Map<string, { count: number; sum: [number, number, number] }>();
      for (let i = 0; i < data.length; i += 3) {
        const [r, g, b] = [data[i] ?? 0, data[i + 1] ?? 0, data[i + 2] ?? 0];
        const key = `${(r + 16) >> 5},${(g + 16) >> 5},${(b + 16) >> 5}`;
        const bin = bins.get(key) ?? { count: 0, sum: [0, 0, 0] };
        bins.set(key, { count: bin.count + 1, sum: [bin.sum[0] + r, bin.sum[1] + g, bin.sum[2] + b] });
      }
      const colours = [...bins.values()]
        .sort((a, b) => b.count - a.count)
        .map(({ count, sum }) => colourOf(sum[0] / count, sum[1] / count, sum[2] / count));
      const ink =
        colours.slice(0, 6).sort((a, b) => contrastOf(a, title.fill) - contrastOf(b, title.fill))[0] ?? "#000000";
      expect(contrastOf(ink, colours.find((colour) => contrastOf(colour, ink) > 2) ?? ink)).toBeGreaterThanOrEqual(4.5);
    },
  );

  it("a PNG decodes to the pixels it was made from", async () => {
    const rgba = Uint8Array.from({ length: 5 * 3 * 4 }, (_, i) => (i % 4 === 3 ? 255 : (i * 37) & 255));
    const decoded = await sharp(encodePng(rgba, 5, 3))
      .ensureAlpha()
      .raw()
      .toBuffer();
    expect([...decoded]).toEqual([...rgba]);
  });
});
