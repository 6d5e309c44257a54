/** A word, a Han character, a number, or a mark that ends a clause. */
export interface Token {
  /** Lower case and folded, for look-ups. */
  readonly word: string;
  /** Where it stands in the text, in UTF-16 units. */
  readonly from: number;
  readonly to: number;
  readonly mark: boolean;
  /** Written with a capital letter first, and small ones after it. */
  readonly capital: boolean;
  /** Only an apostrophe stands between it and the token before. */
  readonly glued: boolean;
}

const TOKEN =
  /\p{Script=Han}|\p{N}+(?:[.,]\p{N}+)+|(?:(?!\p{Script=Han})[\p{L}\p{M}\p{N}\u200c\u200d])+|&|[.,;:!?…\n()|·•،؛؟।、，。；：！？]/gu;
const MARK = /^[.,;:!?…\n()|·•،؛؟।、，。；：！？]$/u;
const APOSTROPHE = /^['’ʼ`´]$/u;

/** Words without what people leave out or write in two ways: Russian ё, Arabic vowel signs and the hamza above, Hindi nukta, ß. */
export const folded = (word: string): string =>
  word
    .normalize("NFC")
    .toLowerCase()
    .replace(/\u200c|\u200d|[\u0640\u064b-\u0652\u0670\u093c]/gu, "")
    .replace(/[أآٱ]/gu, "ا")
    .replaceAll("ё", "е")
    .replaceAll("ß", "ss");

/** Hyphens and dashes only part words; quotes are gone before. */
export function tokensOf(text: string): readonly Token[] {
  let end = 0;
  return [...text.matchAll(TOKEN)].map((match) => {
    const [written] = match;
    const token: Token = {
      word: folded(written),
      from: match.index,
      to: match.index + written.length,
      mark: MARK.test(written),
      capital: /^\p{Lu}\p{M}*\p{Ll}/u.test(written),
      glued: match.index > 0 && APOSTROPHE.test(text.slice(end, match.index)),
    };
    end = token.to;
    return token;
  });
}
