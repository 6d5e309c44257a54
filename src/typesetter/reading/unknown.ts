import type { Language } from "../lexicon/languages.ts";
import { longestFirst } from "./phrase-trie.ts";
import type { Token } from "./tokens.ts";
import { vocabularyOf } from "./vocabulary.ts";
import { COMMON, STYLE_WORDS } from "./words.ts";

/** Words that are neither understood nor small ones, by index; `things`: those asked for as a thing. */
export function unknownIn(
  tokens: readonly Token[],
  languages: readonly Language[],
  taken: ReadonlySet<number>,
): { readonly words: readonly number[]; readonly things: readonly number[] } {
  const known = new Set(taken);
  for (const language of languages) {
    const { small, grounds, shades } = vocabularyOf(language);
    for (const trie of [small.poster, small.places, small.looks, small.portrait, small.denial, grounds, shades])
      for (const { from, to } of longestFirst<string>(trie, tokens, new Set()))
        for (let index = from; index < to; index++) known.add(index);
  }
  const small = languages.map((language) => vocabularyOf(language).small);
  const words = [...tokens.keys()].filter((index) => {
    const { word, mark, glued } = tokens[index] ?? { word: "", mark: true, glued: false };
    return (
      !mark &&
      !glued &&
      word.length > 2 &&
      /^[\p{L}\p{M}]+$/u.test(word) &&
      !known.has(index) &&
      !small.some((set) => set.function.has(word)) &&
      !Object.hasOwn(STYLE_WORDS, word) &&
      !COMMON.has(word)
    );
  });
  const isIndefinite = (index: number): boolean => {
    const before = tokens[index - 1];
    return before !== undefined && !before.mark && small.some((set) => set.indefinite.has(before.word));
  };
  return { words, things: words.filter(isIndefinite) };
}
