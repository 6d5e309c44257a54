import { describe, expect, it } from "vitest";
import { LANGUAGES, type Language } from "../../src/typesetter/lexicon/languages.ts";
import { concepts, phrasesOf } from "../../src/typesetter/lexicon/lexicon.ts";
import { isMeant, planOf } from "./signs-of.ts";

/** In each language a request with a place for a phrase. What follows it makes no longer phrase of it: "march for peace". */
const CARRIERS: Readonly<Record<Language, string>> = {
  en: "a poster with _, please",
  es: "un cartel con _ para el viernes",
  fr: "une affiche avec _ pour vendredi",
  de: "ein Plakat mit _ für Freitag",
  pt: "um cartaz com _ para sexta",
  ru: "плакат, на нём _, в пятницу",
  ar: "ملصق فيه _ يوم الجمعة",
  zh: "给我_，周五用",
  hi: "_ वाला पोस्टर, शुक्रवार को",
};

/** Phrases that do not draw one of their concept's own signs, each with the reason. A phrase more or less is a failure. */
const EXCEPTIONS: Readonly<Record<string, readonly string[]>> = {
  "The table of ambiguous words: alone it means nothing, or something else.": [
    "en chains: chain",
    "en leadership: chair",
    "en teacher: class",
    "en community: membership",
    "en gift: presents",
    "en growth: rise",
    "en growth: rising",
  ],
  "A colour, where no article says that a thing is meant.": [
    "en rose: rose",
    "es rose: rosa",
    "fr rose: rose",
    "fr rose: roses",
    "de rose: rose",
    "pt rose: rosa",
    "pt choir: coral",
  ],
  "Another concept has the same word without an ending, and the exact phrase goes first.": [
    "es banner-thing: pancarta*",
    "es village: pueblo*",
    "fr apartment: bâtiment*",
    "pt camp: acampamento*",
    "pt chains: cadeia*",
    "pt school: creche*",
    "pt market: feira*",
  ],
  "What the picture itself is called.": ["zh placard: 海报"],
};

const all = LANGUAGES.flatMap((language) =>
  Object.entries(phrasesOf(language)).flatMap(([id, phrases]) =>
    phrases.map((phrase) => {
      const prompt = CARRIERS[language].replace("_", phrase.replace(/\*(?=\s|$)/gu, ""));
      const pictures = planOf(prompt).signs.map(({ picture }) => picture);
      return { name: `${language} ${id}: ${phrase}`, concept: concepts()[id], pictures };
    }),
  ),
);

describe("every phrase of the lexicon in a sentence of its language", () => {
  it("has something to look at", () => expect(all.length).toBeGreaterThanOrEqual(9592));

  it("draws nothing that its concept keeps away", () => {
    const drawn = all.filter(({ concept, pictures }) =>
      pictures.some((picture) => concept?.never?.some((never) => isMeant(never, picture))),
    );
    expect(drawn.map(({ name }) => name)).toEqual([]);
  });

  it("draws one of its concept's own signs, but for the exceptions", () => {
    const missing = all.filter(({ concept, pictures }) => !pictures.some((one) => concept?.pictures.includes(one)));
    expect(missing.map(({ name }) => name).toSorted()).toEqual(Object.values(EXCEPTIONS).flat().toSorted());
    expect(missing.length / all.length).toBeLessThan(0.02);
  });
});
