import { describe, expect, it } from "vitest";
import { contrastOf } from "../../src/lib/colour.ts";
import { missingCharacters } from "../../src/typesetter/lettering/coverage.ts";
import { shapeLine } from "../../src/typesetter/lettering/shape.ts";
import { readBrief } from "../../src/typesetter/reading/brief.ts";
import { cleanPrompt } from "../../src/typesetter/reading/clean.ts";
import { readQuotes } from "../../src/typesetter/reading/quotes.ts";
import { COLOURS } from "../../src/typesetter/reading/words.ts";
import { english } from "../words.ts";

describe("quoted phrases", () => {
  it.each([
    ["straight quotes", 'a poster "UNITE"', ["UNITE"]],
    ["curly quotes", "a poster “Unite now”", ["Unite now"]],
    ["low quotes", "ein Plakat „Brot und Rosen“", ["Brot und Rosen"]],
    ["guillemets", "affiche «Du pain»", ["Du pain"]],
    ["single quotes with an apostrophe inside", "a sign 'It's ours' here", ["It's ours"]],
    ["several, in order", '"A" then “B” then «C»', ["A", "B", "C"]],
    ["an apostrophe is no quote", "the workers' hall and the tenants' union", []],
    ["an unfinished quote is none", 'a 5" pipe', []],
    ["white space is folded", '"  to   the\tpoint "', ["to the point"]],
    ["an empty pair says nothing", '"" and "x"', ["x"]],
  ])("%s", (_why, prompt, texts) => expect(readQuotes(prompt).map((phrase) => phrase.text)).toEqual(texts));

  it.each([
    ['"A" front and centered', "centre"],
    ['"A" at the very bottom', "bottom"],
    ['at the top "A"', "top"],
    ['"X", below it "A"', "below"],
    ['"X" front and centered, below it "A"', "below"],
    ['"X" at the top and "A" at the bottom', "bottom"],
    ['a poster "A"', undefined],
  ])("%s: the last phrase is at %s", (prompt, place) => expect(readQuotes(prompt).at(-1)?.position).toBe(place));

  it.each([
    ['large narrow "A"', { size: "large", narrow: true }],
    ['"A" in small letters', { size: "small", narrow: false }],
    ['"A" in capitals', { capitals: true }],
    ['"A"', { size: "normal", narrow: false, capitals: false }],
    ['"X" small, large narrow "A"', { size: "large", narrow: true }],
  ])("%s", (prompt, expected) => expect(readQuotes(prompt).at(-1)).toMatchObject(expected));
});

describe("what a prompt asks for", () => {
  it.each([
    ["a background", "a fox on a black background", { background: COLOURS["black"] }],
    ["a ground", "on red, a fox", { background: COLOURS["red"] }],
    ["a ground and its shade", "on deep red, a fox", { background: COLOURS["maroon"] }],
    ["two colours in order", "red and cream", { colours: [COLOURS["red"], COLOURS["cream"]] }],
    ["a style word", "a woodcut of bread", { layout: "woodcut" }],
    ["the first of two style words", "swiss or punk", { layout: "swiss" }],
  ])("%s", (_why, prompt, expected) => expect(readBrief({ prompt })).toMatchObject(expected));

  it("letters the first words in capitals when nothing is quoted, and says so", () => {
    const brief = readBrief({ prompt: "a solemn violinist at the station in the rain, woodcut" });
    expect(brief.phrases.map((phrase) => phrase.text)).toEqual(["SOLEMN VIOLINIST AT THE STATION"]);
    expect(english(brief.notes).join()).toContain("“quotes”");
  });

  it("a layout that is not wanted is neither obeyed nor chosen by chance", () => {
    const brief = readBrief({ prompt: "a woodcut of a fox", unwanted: "woodcut" });
    expect([brief.layout, [...brief.unwantedLayouts]]).toEqual([undefined, [["woodcut", "woodcut"]]]);
  });

  it("leaves the style's trigger word out of the title", () =>
    expect(readBrief({ prompt: "rca style, bread for all", trigger: "rca style" }).phrases[0]?.text).toBe(
      "BREAD FOR ALL",
    ));

  it("lists words it did not understand, and characters it cannot draw", () => {
    const { notes, phrases } = readBrief({ prompt: 'a flummoxed "བོད 2026"' });
    expect(english(notes).join("\n")).toMatch(/Not understood: flummoxed/u);
    expect(english(notes).join("\n")).toMatch(/Not drawn.*བ ོ ད/u);
    expect(phrases[0]?.text).toBe("2026");
  });

  it("keeps notes within what a recipe holds", () => {
    const { notes } = readBrief({ prompt: `${"qxzw".repeat(200)} ${"qyzw".repeat(150)} "${"བོད".repeat(50)}"` });
    expect(notes.length).toBeGreaterThan(1);
    expect(Math.max(...english(notes).map((note) => note.length))).toBeLessThanOrEqual(500);
  });
});

describe("hostile text", () => {
  it.each([
    ["control characters", "a\u0000b\u0007c\u001b[31m", "a b c [31m"],
    ["bidirectional overrides", "abc\u202edcba\u2066x", "abcdcbax"],
    ["towers of marks", `z${"\u0301".repeat(10_000)}o`, `ź${"\u0301".repeat(4)}o`],
    ["tag characters", "a\u{e0041}b", "ab"],
  ])("%s are left out", (_why, text, clean) => expect(cleanPrompt(text).text).toBe(clean));
});

describe("type", () => {
  it.each([
    ["Latin", "Ärger, Łódź & œuvre"],
    ["Cyrillic", "Пролетарии, єднайтеся"],
    ["Greek", "Ψωμί, Παιδεία, Ελευθερία"],
    ["Arabic", "خبز وورد للجميع"],
    ["Hebrew", "לחם ושושנים"],
  ])("%s has every letter", (_script, text) => {
    expect(missingCharacters(text)).toEqual([]);
    expect(shapeLine(text, "anton").ink.right).toBeGreaterThan(3);
  });

  it("draws the Cyrillic т of most languages, not the Bulgarian one that looks like m: a stem and a bar", () => {
    const { ink } = shapeLine("т", "condensed");
    const m = shapeLine("m", "condensed").ink;
    expect(ink.right - ink.left).toBeLessThan((m.right - m.left) * 0.8);
  });

  it("joins Arabic letters: a word is narrower than its letters", () => {
    const letters = [..."سلام"].reduce((sum, letter) => sum + shapeLine(letter, "arabic").advance, 0);
    expect(shapeLine("سلام", "arabic").advance).toBeLessThan(letters * 0.95);
  });

  it("sets Hebrew from the right: the first letter stands last", () => {
    const both = shapeLine("אל", "hebrew");
    const last = shapeLine("ל", "hebrew");
    expect(both.glyphs[0]?.glyph).toBe(last.glyphs[0]?.glyph);
  });

  it("kerns", () =>
    expect(shapeLine("AV", "grotesk").advance).toBeLessThan(
      shapeLine("A", "grotesk").advance + shapeLine("V", "grotesk").advance,
    ));

  it("measures contrast as WCAG does", () => {
    expect(contrastOf("#000000", "#ffffff")).toBeCloseTo(21, 5);
    expect(contrastOf("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
  });
});

it.each([
  ["blueprint drawing, a bridge", "blueprint drawing", "blueprint"],
  ["blueprint drawing, a bridge, art deco", "blueprint drawing", "deco"],
  ["a bridge", "blueprint drawing", undefined],
])("takes the layout of %s from a style whose trigger is %s: %s", (prompt, trigger, layout) => {
  expect(readBrief({ prompt, trigger }).layout).toBe(layout);
});
