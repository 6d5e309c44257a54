import type { Language } from "../lexicon/languages.ts";
import { grammars, nouns } from "../lexicon/lexicon.ts";
import { singular } from "./english.ts";
import { longestFirst } from "./phrase-trie.ts";
import { folded, type Token } from "./tokens.ts";
import { vocabularyOf } from "./vocabulary.ts";
import { COMMON, STYLE_WORDS } from "./words.ts";

const LATIN = ["en", "es", "fr", "de", "pt"] as const satisfies readonly Language[];
type Latin = (typeof LATIN)[number];

const SCRIPTS: readonly (readonly [Language, RegExp])[] = [
  ["ru", /\p{Script=Cyrillic}/u],
  ["ar", /\p{Script=Arabic}/u],
  ["zh", /\p{Script=Han}/u],
  ["hi", /\p{Script=Devanagari}/u],
];
/** Letters that one of these languages has and the others have not. */
const LETTERS: Readonly<Partial<Record<Latin, RegExp>>> = {
  es: /[ñ¿¡]/u,
  de: /[äöüß]/u,
  pt: /[ãõ]/u,
  fr: /[èëîïœùû]/u,
};

const functionWords = new Map<Latin, ReadonlySet<string>>();
const isFunctionWord = (language: Latin, word: string): boolean => {
  const known = functionWords.get(language) ?? new Set(grammars()[language].function.map(folded));
  functionWords.set(language, known);
  return known.has(word);
};

/**
 * The languages a text is read in, its own first: by script, and among those of Latin letters by function words, where there
 * are few by what the lexicon understands most of. English is read in every text with Latin letters.
 */
export function languagesOf(text: string, tokens: readonly Token[]): readonly Language[] {
  const others = SCRIPTS.flatMap(([language, script]) => (script.test(text) ? [language] : []));
  if (!/\p{Script=Latin}/u.test(text)) return others.length > 0 ? others : ["en"];
  return [...new Set<Language>([latinOf(text, tokens), ...others, "en"])];
}

/** A lead of so many function words needs no look at the other words. */
const CLEAR_LEAD = 2;
/** So many letters of known phrases say as much as a function word. */
const LETTERS_PER_WORD = 5;

function latinOf(text: string, tokens: readonly Token[]): Latin {
  const lower = text.toLowerCase();
  const scores = LATIN.map((language) => {
    const words = tokens.filter(({ word }) => isFunctionWord(language, word)).length;
    return { language, score: words + (LETTERS[language]?.test(lower) ? 2 : 0) };
  });
  const best = Math.max(...scores.map(({ score }) => score));
  const near = scores.filter(({ score }) => score > best - CLEAR_LEAD);
  const [first] = near;
  if (first && near.length === 1) return first.language;
  if (first?.language === "en" && isAllEnglish(tokens)) return "en";
  // The first of the best: English stands first.
  return near
    .map(({ language, score }) => ({ language, score: score + lettersKnown(language, tokens) / LETTERS_PER_WORD }))
    .reduce((one, other) => (other.score > one.score ? other : one)).language;
}

const lettersKnown = (language: Language, tokens: readonly Token[]): number =>
  longestFirst(vocabularyOf(language).concepts, tokens, new Set()).reduce((sum, { letters }) => sum + letters, 0);

/** A stem's ending may be so long before the word is rather another language's: "vigil" is not in "vigilancia". */
const ENDING_MAX_LETTERS = 3;

/** Whether English leaves no word over: the other languages' words need not be read for most prompts. */
function isAllEnglish(tokens: readonly Token[]): boolean {
  const { concepts, colours, moods, small } = vocabularyOf("en");
  const known = new Set<number>();
  for (const trie of [concepts, colours, moods, small.poster, small.self, small.places, small.looks])
    for (const { from, to, letters } of longestFirst<string>(trie, tokens, new Set())) {
      const written = tokens.slice(from, to).reduce((sum, { word }) => sum + word.length, 0);
      if (written <= letters + ENDING_MAX_LETTERS) for (let index = from; index < to; index++) known.add(index);
    }
  return tokens.every(
    ({ word, mark, glued }, index) =>
      mark || glued || known.has(index) || small.function.has(word) || isEnglishName(word),
  );
}

/** Of a style, or of the lettering; a number is of every language. */
const isEnglishName = (word: string): boolean =>
  /^\P{L}+$/u.test(word) ||
  COMMON.has(word) ||
  Object.hasOwn(STYLE_WORDS, word) ||
  Object.hasOwn(nouns(), singular(word));
