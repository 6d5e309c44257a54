import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { ImageRequest } from "../../src/domain/recipe.ts";
import { draw } from "../../src/typesetter/painting/draw.ts";
import { writeSvg } from "../../src/typesetter/painting/svg.ts";
import { compositionOf, faultsOf, requestOf } from "./layouts.ts";

const hashOf = (data: string | Uint8Array) => createHash("sha256").update(data).digest("hex").slice(0, 16);

describe("layouts", () => {
  it("puts phrases where the prompt says", () => {
    const { page } = compositionOf(requestOf('swiss, "Low" at the very bottom, "High" at the top'));
    const yOf = (text: string) => page.lettering.find((line) => line.line.text === text)?.y ?? Number.NaN;
    expect(yOf("High")).toBeLessThan(page.heightPx * 0.4);
    expect(yOf("Low")).toBeGreaterThan(page.heightPx * 0.6);
  });
});

describe("parameters mean something", () => {
  const prompt = 'green and gold, a fox and a bear and a wolf, "UNITE"';
  const pageOf = (change: Partial<ImageRequest> = {}) => compositionOf(requestOf(prompt, change), false, "planes").page;
  const svgOf = (change: Partial<ImageRequest>) => writeSvg(pageOf(change));
  it("seed moves the composition", () => expect(svgOf({ seed: 1 })).not.toBe(svgOf({ seed: 2 })));
  it("scale 0 sets type straight, scale 1 on a slant", () => {
    expect(pageOf({ loraScale: 0 }).lettering.every((line) => line.angle === 0)).toBe(true);
    expect(pageOf({ loraScale: 1 }).lettering.some((line) => line.angle !== 0)).toBe(true);
  });
  it("cfg decides how many of the colours and subjects are obeyed", () => {
    const free = svgOf({ guidance: 1 });
    const strict = svgOf({ guidance: 6 });
    expect(free).not.toContain("#d9a52b");
    expect(strict).toContain("#d9a52b");
    expect(strict.match(/scale\(/gu)?.length ?? 0).toBeGreaterThan(free.match(/scale\(/gu)?.length ?? 0);
  });
  it("few steps give outlines without texture", () => {
    const draft = compositionOf(requestOf(prompt, { steps: 3 }));
    expect(draft.page.marks.every((mark) => mark.stroke !== undefined || mark.solid)).toBe(true);
    expect(draft.texture.grain).toBe(0);
    expect(compositionOf(requestOf(prompt)).texture.grain).toBeGreaterThan(0);
  });
  it("a variation keeps the layout and moves its measures, strong more than subtle", () => {
    const at = (strength: number) => pageOf({ variation: { seed: 5, strength } });
    const plain = pageOf();
    expect(writeSvg(at(0))).toBe(writeSvg(plain));
    expect(at(0.5).marks.length).toBe(plain.marks.length);
    const moved = (strength: number) => {
      const other = at(strength).marks;
      return plain.marks.reduce(
        (sum, mark, index) => sum + Math.abs((mark.outline[0]?.[1] ?? 0) - (other[index]?.outline[0]?.[1] ?? 0)),
        0,
      );
    };
    expect(moved(0.15)).toBeGreaterThan(0);
    expect(moved(0.5)).toBeGreaterThan(moved(0.15));
  });
});

describe("hostile prompts", () => {
  it.each([
    ["markup", "\"</svg><script>alert(1)</script><image href='file:///etc/passwd'/>\" &lt; ]]> <!DOCTYPE x>"],
    ["ten thousand marks", `"${`z${"\u0301\u0489".repeat(5000)}`}"`],
    ["overrides", '"\u202eevil\u202c" \u2066x'],
    ["nothing to letter", "日本語"],
    ["only emoji", "🦊🦊🦊"],
    ["a wall of quotes", '"a" '.repeat(400)],
    ["one endless word", `"${"W".repeat(1400)}"`],
    ["names of object members", '"__proto__" constructor toString hasOwnProperty'],
    ["lone surrogates", '"\ud800 x \udfff" \ud83d'],
  ])("%s: drawn safely", (_why, prompt) => {
    const request = requestOf(prompt, { widthPx: 512, heightPx: 512 });
    const svg = writeSvg(compositionOf(request).page);
    expect(svg.replace(/<(?:path|rect|svg)\s[^<>]*\/?>|<\/svg>/gu, "").trim()).toBe("");
    expect(faultsOf({ request, hasPhoto: false })).toEqual([]);
  });
});

describe("the same on every machine", () => {
  // A change here changes members' pictures: raise TYPESETTER_VERSION with it.
  it("golden hashes of the layout and of the pixels", async () => {
    const seen: Record<string, string> = {};
    for (const layout of ["constructivist", "riso", "woodcut", "deco"]) {
      const prompt = `${layout}, a fox, "Bread and roses", "Хлеб", "خبز", small "Sunday"`;
      const { svg, png } = await draw({
        request: requestOf(prompt, { widthPx: 384, heightPx: 512 }),
        trigger: "",
        initBytes: undefined,
      });
      seen[layout] = `${hashOf(svg)} ${hashOf(png)}`;
    }
    expect(seen).toMatchInlineSnapshot(`
      {
        "constructivist": "7d7abbed1e08f2ac 11045b3ff4a3c0ec",
        "deco": "5e177aee026b3979 8d60afcfc29d2a20",
        "riso": "b38762b8134a644f af73981255ef09f3",
        "woodcut": "0c2891188412573f abaf5818374e178d",
      }
    `);
  });
});
