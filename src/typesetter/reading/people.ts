import type { Language } from "../lexicon/languages.ts";
import { longestFirst } from "./phrase-trie.ts";
import type { Token } from "./tokens.ts";
import { peopleTrie, vocabularyOf } from "./vocabulary.ts";

/** Tokens of a text, `to` not included. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** People the lexicon knows by name. A person is no thing: "bell hooks" draws no bell. */
export function knownPeople(tokens: readonly Token[], taken: Set<number>): readonly Span[] {
  return longestFirst(peopleTrie(), tokens, taken);
}

/** A text set in capitals at every word says nothing about names. */
const TITLE_CASE_SHARE = 0.6;

/**
 * Words that are somebody's surname, and no things or colours: a word with a capital letter after a first name, that is a word with a capital letter
 * that nobody knows ("Angela Brown"). German writes every noun so.
 */
export function surnamesIn(
  tokens: readonly Token[],
  languages: readonly Language[],
  known: ReadonlySet<number>,
): readonly Span[] {
  const [language = "en"] = languages;
  const words = tokens.filter(({ word, mark }) => !mark && word.length > 2);
  if (language === "de" || words.filter(({ capital }) => capital).length > words.length * TITLE_CASE_SHARE) return [];
  const { small } = vocabularyOf(language);
  return [...tokens.keys()].flatMap((from) => {
    const [first, last] = [tokens[from], tokens[from + 1]];
    const isName = first?.capital && last?.capital && !known.has(from) && !small.function.has(first.word);
    return isName ? [{ from, to: from + 2 }] : [];
  });
}

/** Whether a portrait of one of these people is asked for: "portrait of Angela Davis". */
export function portraitAsked(
  people: readonly Span[],
  tokens: readonly Token[],
  languages: readonly Language[],
): boolean {
  return languages.some((language) => {
    const { small } = vocabularyOf(language);
    return longestFirst(small.portrait, tokens, new Set()).some(({ to }) =>
      people.some(
        ({ from }) =>
          from >= to &&
          tokens
            .slice(to, from)
            .every(({ word, mark }) => !mark && (small.function.has(word) || small.article.has(word))),
      ),
    );
  });
}
