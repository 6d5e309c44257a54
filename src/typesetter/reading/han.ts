import type { Token } from "./tokens.ts";

/** Around a noun of one character, these make no other word of it: whose, how many, where. */
const BEFORE_A_NOUN = /^[我你他她的一二两兩三几這这那每大小朵只隻个個把面座张張棵条條本艘辆輛颗顆群]*$/u;
const AFTER_A_NOUN = /^[子儿兒上里裡下中边邊群]?$/u;
const KANA = /[\p{Script=Hiragana}\p{Script=Katakana}]/u;

let segmenter: Intl.Segmenter | undefined;

/**
 * Whether a Han character is a word of its own, and no part of another: 水 is water, and a 水平 a level. In Japanese, where
 * words are written otherwise, none is.
 */
export function loneCharacters(tokens: readonly Token[]): (index: number) => boolean {
  if (tokens.some(({ word }) => KANA.test(word))) return () => false;
  let wordAt: readonly string[] | undefined;
  return (index) => {
    wordAt ??= wordsOf(tokens);
    const [before = "", after] = (wordAt[index] ?? "").split(tokens[index]?.word ?? " ");
    return after !== undefined && BEFORE_A_NOUN.test(before) && AFTER_A_NOUN.test(after);
  };
}

/** By token, the word it stands in. */
function wordsOf(tokens: readonly Token[]): readonly string[] {
  segmenter ??= new Intl.Segmenter("zh", { granularity: "word" });
  const spaced = tokens.map(({ word, from }, index) => (tokens[index - 1]?.to === from ? word : ` ${word}`));
  const words = [...segmenter.segment(spaced.join(""))];
  let at = 0;
  let next = 0;
  return spaced.map((token) => {
    const from = at + (token.startsWith(" ") ? 1 : 0);
    at += token.length;
    while ((words[next + 1]?.index ?? Number.POSITIVE_INFINITY) <= from) next++;
    return words[next]?.segment ?? "";
  });
}
