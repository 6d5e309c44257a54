import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { FAMILIES } from "../../src/typesetter/layouts/families.ts";
import { LANGUAGES } from "../../src/typesetter/lexicon/languages.ts";
import {
  ambiguousWords,
  backgroundWords,
  colourWords,
  concepts,
  grammars,
  moodWords,
  names,
  nouns,
  phrasesOf,
  shadeWords,
} from "../../src/typesetter/lexicon/lexicon.ts";
import { COLOURS, MOODS, STYLE_WORDS } from "../../src/typesetter/reading/words.ts";
import { iconNamed } from "../../src/typesetter/signs/icons.ts";

const words = z.array(z.string().min(1));
const language = z.enum(LANGUAGES);
const byLanguage = z.partialRecord(language, words);
const picture = z.string().regex(/^[a-z0-9-]+:[a-z0-9-]+$/u);
const concept = z.strictObject({
  rank: z.union([z.literal(1), z.literal(2), z.literal(3)]),
  pictures: z.array(picture).min(1),
  never: words.optional(),
});
const isConcept = z.string().refine((id) => Object.hasOwn(concepts(), id), "no such concept");
const grammar = z.strictObject({
  ...Object.fromEntries(
    "function article indefinite poster self strong weak notDenied filler or and about on small large narrow capitals portrait"
      .split(" ")
      .map((key) => [key, words]),
  ),
  after: words.optional(),
  afterFiller: words.optional(),
  place: z.record(z.enum(["top", "centre", "below", "bottom", "left", "right"]), words),
});

describe("the lexicon", () => {
  it.each([
    ["concepts", concepts(), z.record(z.string(), concept)],
    [
      "ambiguous",
      ambiguousWords(),
      z.record(
        z.string(),
        z.strictObject({
          concept: isConcept.optional(),
          near: z.array(z.tuple([words, isConcept.nullable()])).optional(),
        }),
      ),
    ],
    ["nouns", nouns(), z.record(z.string().regex(/^[a-z]+$/u), picture)],
    ["names", names(), words],
    ["colours", colourWords(), z.partialRecord(z.enum(Object.keys(COLOURS)), byLanguage)],
    ["moods", moodWords(), z.partialRecord(z.enum(Object.keys(MOODS)), byLanguage)],
    ["shades", shadeWords(), z.record(z.enum(["light", "dark", "bright"]), byLanguage)],
    ["backgrounds", backgroundWords(), byLanguage],
    ["grammar", grammars(), z.record(language, grammar)],
  ] as const)("%s have their shape", (_file, data, shape) => {
    const read = shape.safeParse(data);
    expect(read.success ? [] : read.error.issues).toEqual([]);
  });

  it.each(LANGUAGES)("phrases in %s belong to concepts", (one) => {
    const phrases = z.record(isConcept, words.min(1)).safeParse(phrasesOf(one));
    expect(phrases.success ? [] : phrases.error.issues).toEqual([]);
    expect(Object.keys(phrasesOf(one)).length).toBeGreaterThan(330);
  });

  it("has layouts for its style words", () => {
    const known = Object.keys(FAMILIES);
    expect(Object.values(STYLE_WORDS).filter((name) => !known.includes(name))).toEqual([]);
  });

  it("names signs that are there", () => {
    const named = new Set([
      ...Object.values(concepts()).flatMap(({ pictures }) => pictures),
      ...Object.values(nouns()),
    ]);
    expect(named.size).toBeGreaterThan(800);
    const require = createRequire(import.meta.url);
    const sets = new Map<string, Readonly<Record<string, unknown>>>();
    const iconsIn = (set: string) => {
      const file = z.object({ icons: z.record(z.string(), z.unknown()) });
      const icons =
        sets.get(set) ??
        file.parse(JSON.parse(readFileSync(require.resolve(`@iconify-json/${set}/icons.json`), "utf8"))).icons;
      sets.set(set, icons);
      return icons;
    };
    expect(
      [...named].filter((name) => !Object.hasOwn(iconsIn(name.split(":")[0] ?? ""), name.split(":")[1] ?? "")),
    ).toEqual([]);
  });
});

describe("a sign", () => {
  it.each([
    ["one path", "game-icons:fist", 512, false],
    ["several paths", "fluent-emoji-high-contrast:placard", 32, false],
    ["a clip that is no part of it", "fluent-emoji-high-contrast:house", 32, false],
    ["parts cut out of each other", "healthicons:nurse", 48, true],
    ["another width than height", "fa6-solid:people-group", 640, false],
  ])("%s: %s", (_why, name, width, evenOdd) => {
    const icon = iconNamed(name);
    expect([icon.width, icon.evenOdd]).toEqual([width, evenOdd]);
    expect(icon.d).toMatch(/^M/iu);
    expect(icon.d).not.toMatch(/[<>"]/u);
  });

  it("that is not there is an error, not another sign", () => {
    expect(() => iconNamed("game-icons:no-such-sign")).toThrow("no icon game-icons:no-such-sign");
    expect(() => iconNamed("no-set:fist")).toThrow("no icon no-set:fist");
    expect(() => iconNamed("fist")).toThrow("no icon fist");
  });
});
