import { describe, expect, it } from "vitest";
import { missingCharacters } from "../../src/typesetter/lettering/coverage.ts";
import { facesPerUnit } from "../../src/typesetter/lettering/faces.ts";
import type { FontName } from "../../src/typesetter/lettering/families.ts";
import { hanFormOf } from "../../src/typesetter/lettering/han.ts";
import { fitText } from "../../src/typesetter/lettering/lines.ts";
import { piecesOf, wordsOf } from "../../src/typesetter/lettering/pieces.ts";
import { shapeLine } from "../../src/typesetter/lettering/shape.ts";
import { readBrief } from "../../src/typesetter/reading/brief.ts";

const SCRIPTS: readonly (readonly [script: string, family: string, text: string])[] = [
  ["Vietnamese", "anton", "Nhà ở là quyền của mọi người, ẵm ỗ ự"],
  ["Cyrillic", "condensed", "Жильё право каждого, їжа, ђаци"],
  ["Greek", "condensed", "Η στέγη είναι δικαίωμα, ΰ"],
  ["Arabic", "arabic", "السكن حق للجميع، پچگ"],
  ["Kurdish in Arabic letters", "arabicMore", "ئازادی بۆ هەمووان"],
  ["Hebrew", "hebrew", "דיור הוא זכות"],
  ["Devanagari", "devanagari", "आवास सबका अधिकार है, क्षेत्र ज्ञान श्री"],
  ["Bengali", "bengali", "বাসস্থান সবার অধিকার ক্ষ"],
  ["Tamil", "tamil", "வீடு அனைவருக்கும் உரிமை"],
  ["Thai", "thai", "ที่อยู่อาศัยเป็นสิทธิของทุกคน"],
  ["Georgian", "georgian", "საცხოვრებელი უფლებაა"],
  ["Georgian capitals", "georgian", "უფლება".toUpperCase()],
  ["Armenian", "armenian", "Բնակարանը իրավունք է"],
  ["Amharic", "ethiopic", "መኖሪያ ቤት መብት ነው"],
  ["simplified Chinese", "simplified", "全世界无产者，联合起来！"],
  ["traditional Chinese", "traditional", "全世界無產階級，佔領內政，眾人納稅"],
  ["Japanese", "japanese", "団結すれば力になる！ポスター"],
  ["Korean", "hangul", "주거는 모두의 권리다"],
  ["rare Korean syllables", "korean", "뢣"],
  ["emoji", "emoji", "✊🌹🏠🚲"],
  ["signs of movements", "symbols", "☭"],
];
const familiesIn = (text: string, font: FontName = "anton") => [
  ...new Set(shapeLine(text, font, 0, hanFormOf(text)).glyphs.map(({ face }) => face.split("/")[0])),
];
const glyphsOf = (text: string) => shapeLine(text, "anton", 0, hanFormOf(text)).glyphs;

describe("every script", () => {
  it.each(SCRIPTS)("%s is lettered, in %s", (_script, family, text) => {
    expect(missingCharacters(text)).toEqual([]);
    expect(familiesIn(text)).toEqual([family]);
    expect(glyphsOf(text).every(({ glyph }) => glyph !== 0)).toBe(true);
    expect(shapeLine(text, "anton", 0, hanFormOf(text)).ink.right).toBeGreaterThan(0.5);
  });

  it("names what no font has, each once, and takes a script's own mark for a letter", () => {
    expect(missingCharacters("ᏣᎳᎩ ᏣᎳ བོད")).toEqual(["Ꮳ", "Ꮃ", "Ꭹ", "བ", "ོ", "ད"]);
    expect(missingCharacters("e\u0301 ا\u064e ש\u05c1")).toEqual([]);
  });

  it("takes a mark of a script from a face that has it, and an accent from its letter's", () => {
    const faces = (text: string) => facesPerUnit(text, { font: "anton", han: "simplified" });
    expect(faces("a\u0941")).toEqual(["devanagari/latin", "devanagari/devanagari"]);
    expect(faces("x\u0323")).toEqual(["anton", "anton"]);
  });

  it("makes one glyph of a conjunct", () => {
    expect(glyphsOf("क्ष")).toHaveLength(1);
    expect(glyphsOf("ക")).toHaveLength(0);
    expect(glyphsOf("কি").map(({ glyph }) => glyph)).not.toEqual(
      [...glyphsOf("ক"), ...glyphsOf("ি")].map(({ glyph }) => glyph),
    );
  });

  it("puts a Devanagari i before the letter it is typed after", () => {
    const [first, second] = glyphsOf("कि");
    expect(second?.glyph).toBe(glyphsOf("क")[0]?.glyph);
    expect(first?.dx ?? 9).toBeLessThan(second?.dx ?? 0);
  });

  it("stacks Thai marks: they take no width", () => {
    const advance = (text: string) => shapeLine(text, "anton").advance;
    expect(advance("ที่")).toBeCloseTo(advance("ท"), 5);
  });

  it("gives no extra space to letters that hang together", () => {
    for (const text of ["سلام", "एकता", "বাস", "உரிமை", "ที่อยู่"])
      expect(shapeLine(text, "anton", 0.2).advance).toBe(shapeLine(text, "anton", 0).advance);
    expect(shapeLine("UNITE", "anton", 0.2).advance).toBeGreaterThan(shapeLine("UNITE", "anton", 0).advance);
  });

  it("letters a date with the script around it", () =>
    expect(familiesIn("शनिवार 5 मई, शाम 6:30 बजे")).toEqual(["devanagari"]));

  it("drops skin tones and forms of emoji: one colour has neither", () =>
    expect(readBrief({ prompt: '"✊🏽 ❤️"' }).phrases[0]?.text).toBe("✊ ❤"));
});

describe("Han for its readers", () => {
  it.each([
    ["团结就是力量", "simplified"],
    ["團結就是力量", "traditional"],
    ["団結すれば力になる", "japanese"],
    ["人民", "simplified"],
    ["大韓民國 만세", "traditional"],
    ["bread", "simplified"],
  ])("%s: %s", (text, form) => expect(hanFormOf(text)).toBe(form));

  it("one poster has one form: the kana of one text decide for the others", () =>
    expect(new Set(readBrief({ prompt: '"住宅" "すべての人に"' }).phrases.map(({ han }) => han))).toEqual(
      new Set(["japanese"]),
    ));
});

const broken = (text: string): string =>
  piecesOf(text)
    .map(({ text: piece, after }) => (after === "space" ? " " : "") + piece)
    .join("|");

describe("line breaks", () => {
  it.each([
    ["Chinese between words", "全世界无产者，联合起来！", "全世界|无产者，|联合|起来！"],
    ["never before what closes, never behind what opens", "「パンと薔薇」を歌おう", "「パンと|薔薇」を|歌おう"],
    ["Japanese particles stay with their word", "保育をすべての子どもに", "保育を|すべての|子どもに"],
    ["numbers with what they count", "5月1日18:30开始", "5月|1日|18:30|开始"],
    ["Thai between words", "ห้องสมุดของเรา", "ห้อง|สมุด|ของ|เรา"],
    [
      "what loses its sense when it is torn apart",
      "Dr. Wu, No. 1, 18:30 Uhr, 10 € bar",
      "Dr. Wu,| No. 1,| 18:30 Uhr,| 10 €| bar",
    ],
    ["Korean at spaces", "모두의 도서관", "모두의| 도서관"],
    [
      "an address in full",
      "https://example.org/a/rather/long/path?week=12",
      "https://example.org/a/rather/long/path?week=12",
    ],
    ["a word no page is wide enough for, between letters", `${"é".repeat(29)}`, `${"é".repeat(28)}|é`],
  ])("%s", (_why, text, expected) => expect(broken(text)).toBe(expected));

  it("a Chinese title takes several large lines", () => {
    const fitted = fitText("全世界无产者，联合起来！", {
      font: "anton",
      widthPx: 700,
      heightPx: 500,
      maxCapPx: 300,
      leading: 1.2,
    });
    expect(fitted?.lines.length).toBeGreaterThan(1);
    expect(Math.min(...(fitted?.lines.map(({ capPx }) => capPx) ?? []))).toBeGreaterThan(70);
  });

  it("keeps line breaks that were typed, and loses nothing", () => {
    const fitted = fitText("1. Rent\n2. Repairs and votes", {
      font: "text",
      widthPx: 900,
      heightPx: 300,
      maxCapPx: 40,
      leading: 1.4,
    });
    expect(fitted?.lines.map(({ line }) => line.text)).toEqual(["1. Rent", "2. Repairs and votes"]);
    expect(wordsOf("a\u00a0b c")).toEqual(["a\u00a0b", "c"]);
  });
});
