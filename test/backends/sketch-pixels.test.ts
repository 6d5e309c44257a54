import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { colourOf, contrastOf } from "../../src/backends/sketch/colour.ts";
import { compose } from "../../src/backends/sketch/compose.ts";
import { draw } from "../../src/backends/sketch/draw.ts";
import { FAMILIES } from "../../src/backends/sketch/families/all.ts";
import { encodePng } from "../../src/backends/sketch/png.ts";
import { bounds } from "../../src/backends/sketch/tree.ts";
import type { ImageRequest } from "../../src/domain/recipe.ts";

const requestOf = (prompt: string, seed: number): ImageRequest => ({
  prompt,
  finalPrompt: prompt,
  styleId: "rca",
  loraScale: 1,
  guidance: 3,
  trueCfg: 1,
  steps: 28,
  seed,
  widthPx: 512,
  heightPx: 768,
});
const families = FAMILIES.map(({ name }) => [name, name] as const);

function hasTesseract(): boolean {
  try {
    execFileSync("tesseract", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    // Not installed, or not runnable: either way there is nothing to read the pixels with.
    return false;
  }
}

describe("the finished pixels", () => {
  it.each(families)(
    "%s: the lettering's two commonest colours contrast at least 4.5:1 after texture",
    async (_name, style) => {
      const request = requestOf(`${style}, a fox, "BREAD AND ROSES", "Sunday at ten"`, 3);
      const { page } = compose({ request, trigger: "", hasPhoto: false });
      const { png } = await draw({ request, trigger: "", initBytes: undefined });
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

  it("can be read by a machine", { timeout: 60_000 }, async (context) => {
    if (!hasTesseract()) context.skip("needs tesseract (Debian's tesseract-ocr)");
    const folder = mkdtempSync(join(tmpdir(), "sketch-ocr-"));
    const read: string[] = [];
    try {
      for (const [name, style] of families.filter(([name]) =>
        ["swiss", "riso", "woodcut", "sunburst", "horizon", "tiles"].includes(name),
      )) {
        const { png } = await draw({
          request: requestOf(`${style}, "BREAD FOR ALL"`, 3),
          trigger: "",
          initBytes: undefined,
        });
        const file = join(folder, `${name}.png`);
        writeFileSync(file, await sharp(png).resize(1024).greyscale().png().toBuffer());
        const text = execFileSync("tesseract", [file, "-", "--psm", "11"], {
          encoding: "utf8",
          stdio: ["ignore", "pipe", "ignore"],
        });
        if (/bread/iu.test(text) && /all/iu.test(text)) read.push(name);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
    // An OCR made for letters on office paper misses a poster now and then.
    expect(read.length).toBeGreaterThanOrEqual(4);
  });

  it("a PNG decodes to the pixels it was made from", async () => {
    const rgba = Uint8Array.from({ length: 5 * 3 * 4 }, (_, i) => (i % 4 === 3 ? 255 : (i * 37) & 255));
    const decoded = await sharp(encodePng(rgba, 5, 3))
      .ensureAlpha()
      .raw()
      .toBuffer();
    expect([...decoded]).toEqual([...rgba]);
  });
});
