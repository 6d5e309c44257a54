import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Blob, Face, Font, Variation } from "harfbuzzjs";
import { describe, expect, it } from "vitest";
import decompress from "woff2-encoder/decompress";
import { charactersOf } from "../../src/typesetter/lettering/sfnt.ts";
import { woff2Tables, woff2ToSfnt } from "../../src/typesetter/lettering/woff2.ts";

const require = createRequire(import.meta.url);
const fileOf = (family: string, slice: string): Uint8Array =>
  readFileSync(require.resolve(`@fontsource-variable/${family}/files/${family}-${slice}-wght-normal.woff2`));

function fontIn(file: Uint8Array) {
  const face = new Face(new Blob(file));
  const font = new Font(face);
  font.setVariations([new Variation("wght", 800)]);
  return { font, characters: [...face.collectUnicodes()].filter((character) => character > 0) };
}

describe("WOFF 2", () => {
  it.each([
    ["noto-sans-sc", "119"],
    ["noto-sans-tc", "60"],
    ["noto-sans-kr", "9"],
    ["noto-emoji", "3"],
    ["noto-sans-symbols", "symbols"],
    ["noto-sans-ethiopic", "ethiopic"],
    ["noto-sans-thai", "thai"],
    ["noto-sans-georgian", "georgian"],
    ["baloo-2", "devanagari"],
    ["baloo-da-2", "bengali"],
    ["baloo-thambi-2", "tamil"],
  ])("%s, %s: the same characters, outlines and widths as Google's decoder gives", async (family, slice) => {
    const file = fileOf(family, slice);
    const own = fontIn(woff2ToSfnt(file));
    const theirs = fontIn(await decompress(file));
    expect(own.characters).toEqual(theirs.characters);
    const named = [...charactersOf(woff2Tables(file).get("cmap")?.data ?? new Uint8Array())];
    expect(named.filter((character) => character > 0).toSorted((a, b) => a - b)).toEqual(theirs.characters);
    const drawn = ({ font, characters }: ReturnType<typeof fontIn>) =>
      characters.map((character) => {
        const glyph = font.nominalGlyph(character) ?? 0;
        return [glyph, font.glyphExtents(glyph), font.glyphToJson(glyph)];
      });
    expect(JSON.stringify(drawn(own)) === JSON.stringify(drawn(theirs))).toBe(true);
    const shaped = (font: Font) => font.glyphHAdvance(font.nominalGlyph(own.characters.at(-1) ?? 0) ?? 0);
    expect(shaped(own.font)).toBe(shaped(theirs.font));
  });

  it("refuses what is none", () => expect(() => woff2Tables(new Uint8Array(100))).toThrow("not a WOFF 2 file"));
});
