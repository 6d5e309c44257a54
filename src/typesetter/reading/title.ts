import type { Language } from "../lexicon/languages.ts";
import { longestFirst } from "./phrase-trie.ts";
import { type Token, tokensOf } from "./tokens.ts";
import { peopleTrie, vocabularyOf } from "./vocabulary.ts";

/** "poster for our", "un cartel para nuestra": what a request begins with, and no poster says. */
interface LeadIn {
  /** Tokens of the whole beginning; 0 where there is none. */
  readonly length: number;
  /** Words that name the picture itself: no things. */
  readonly picture: readonly number[];
}

export function leadInOf(tokens: readonly Token[], languages: readonly Language[]): LeadIn {
  for (const language of languages) {
    const { small } = vocabularyOf(language);
    const skipped = (index: number): number => {
      let at = index;
      while (small.function.has(tokens[at]?.word ?? "")) at++;
      return at;
    };
    const start = skipped(0);
    const name = longestFirst(small.poster, tokens.slice(start, start + 3), new Set()).find(({ from }) => from === 0);
    const [self] = longestFirst(small.self, tokens, new Set());
    const end = name ? start + name.to : start;
    const about = name !== undefined && small.about.has(tokens[end]?.word ?? "");
    const rest = skipped(end);
    const more = tokens[rest] !== undefined && !tokens[rest].mark;
    const picture =
      about && more ? range(start, end) : self && tokens.length > self.to ? range(self.from, self.to) : [];
    // Where nothing follows, the picture's name is all there is.
    if (name && more) return { length: rest, picture };
    if (picture.length > 0) return { length: 0, picture };
  }
  return { length: 0, picture: [] };
}

const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from }, (_, index) => from + index);

const TITLE_WORDS = 6;
/** What is a slogan as a whole, and no name of a thing. */
const SLOGAN_WORDS = 3;

/** A thought without "poster for our", and not longer than a title. */
export function titleOf(clause: string, languages: readonly Language[]): string {
  const tokens = tokensOf(clause);
  const { length } = leadInOf(tokens, languages);
  const start = startAt(clause, length === 0 ? undefined : tokens[length]?.from);
  const ended = withoutPicture(clause, tokens, languages);
  const asked = ended > start ? clause.slice(start, ended) : clause;
  // What is known is said as it is known, however long.
  if (isSlogan(asked, languages)) return asked.trim();
  const words = asked
    .trim()
    .replace(/^(?:an?|the)\s+/iu, "")
    .split(/\s+/u);
  // A thought cut in its middle should not end in "of the".
  let end = Math.min(words.length, TITLE_WORDS);
  const isSmall = (word = ""): boolean =>
    languages.some((language) => vocabularyOf(language).small.function.has(word.toLowerCase()));
  while (end > 1 && end < words.length && (isSmall(words[end - 1]) || isInsideName(words, end))) end--;
  // "0800 123 456" is one number.
  while (/\p{N}\)?$/u.test(words[end - 1] ?? "") && /^\(?\p{N}/u.test(words[end] ?? "")) end++;
  return words.slice(0, end).join(" ");
}

/** Signs that belong to the number after them; other marks at the start are a list's, or were left over by markup. */
const MONEY = /[€£$₹₽₩₪₺₴¥]/u;
const BEFORE_TITLE = /^[^\p{L}\p{N}\p{M}€£$₹₽₩₪₺₴¥+'’¡¿]*/u;

/** @param wordAt of the first word after "poster for our" */
function startAt(clause: string, wordAt: number | undefined): number {
  if (wordAt === undefined) return BEFORE_TITLE.exec(clause)?.[0].length ?? 0;
  return MONEY.test(clause[wordAt - 1] ?? "") ? wordAt - 1 : wordAt;
}

/** Whether a cut before this word would leave half of somebody's name. */
function isInsideName(words: readonly string[], cut: number): boolean {
  const tokens = tokensOf(words.join(" "));
  const at = words.slice(0, cut).join(" ").length;
  return longestFirst(peopleTrie(), tokens, new Set()).some(
    ({ from, to }) => (tokens[from]?.from ?? 0) < at && (tokens[to - 1]?.to ?? 0) > at,
  );
}

/** Where a clause ends without "poster", "का पोस्टर", "的海报". */
function withoutPicture(clause: string, tokens: readonly Token[], languages: readonly Language[]): number {
  for (const language of languages) {
    const { small } = vocabularyOf(language);
    const self = longestFirst(small.self, tokens, new Set()).find(({ to }) => to === tokens.length);
    if (!self) continue;
    let at = self.from - 1;
    while (at > 0 && small.function.has(tokens[at]?.word ?? "")) at--;
    return tokens[at]?.to ?? 0;
  }
  return clause.length;
}

/** "Poster", "ein Plakat", "海报": names the picture, and nothing that is on it. */
export function isPictureName(clause: string, languages: readonly Language[]): boolean {
  const tokens = tokensOf(clause);
  return languages.some((language) => {
    const { small } = vocabularyOf(language);
    const named = longestFirst(small.poster, tokens, new Set());
    return (
      named.length > 0 &&
      tokens.every(({ word }, at) => named.some(({ from, to }) => from <= at && at < to) || small.function.has(word))
    );
  });
}

/** Whether a clause is, as a whole, a slogan that is known. */
export function isSlogan(clause: string, languages: readonly Language[]): boolean {
  const tokens = tokensOf(clause);
  return languages.some((language) =>
    longestFirst(vocabularyOf(language).concepts, tokens, new Set()).some(
      ({ from, to, words }) => from === 0 && to === tokens.length && words >= SLOGAN_WORDS,
    ),
  );
}
