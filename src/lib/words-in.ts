import { folded } from "./folded.ts";
import { drawnAlike } from "./look-alike.ts";
import { withoutUnseen } from "./unseen.ts";

/** Finds words in a text as whole words, in any case and script, with or without marks, and written in letters that only look like theirs. */
export interface WordFinder {
  /** The first that is found, as it was given. */
  find(text: string): string | undefined;
  /** Without them. */
  without(text: string): string;
}

const LETTER = "[\\p{L}\\p{N}]";
/** Written together with what follows: "the", "and", "in", "for". */
const ARABIC_PREFIX = "(?:[وف])?(?:[بكل])?(?:ال|ل)?";

/** Han has no spaces: a word is found wherever its signs stand. */
const isHan = (word: string): boolean => /\p{Script=Han}/u.test(word);
const isArabic = (word: string): boolean => /\p{Script=Arabic}/u.test(word);

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/gu, "\\$&");

/** `*` at a word's end: any ending. */
function patternOf(word: string, form: (text: string) => string): string {
  const parts = word
    .trim()
    .split(/\s+/u)
    .map((part) => {
      const any = part.endsWith("*");
      return `${escaped(form(any ? part.slice(0, -1) : part))}${any ? `${LETTER}*` : ""}`;
    });
  const whole = parts.join("[^\\p{L}\\p{N}]+");
  if (isHan(word)) return whole;
  return `(?<!${LETTER})${isArabic(word) ? ARABIC_PREFIX : ""}${whole}(?!${LETTER})`;
}

const plain = (text: string): string => folded(withoutUnseen(text).replaceAll("ـ", ""));
const alike = (text: string): string => drawnAlike(plain(text));

export function wordFinder(words: readonly string[]): WordFinder {
  const wanted = words.filter((word) => plain(word.replaceAll("*", "")) !== "");
  const forms = [plain, alike].map((form) => ({
    form,
    each: wanted.map((word) => ({ word, pattern: new RegExp(patternOf(word, form), "u") })),
  }));
  let all: readonly RegExp[] | undefined;
  const everywhere = () => (all ??= wanted.map((word) => new RegExp(patternOf(word, plain), "gu")));
  return {
    find(text) {
      for (const { form, each } of forms) {
        const read = form(text);
        const found = each.find(({ pattern }) => pattern.test(read));
        if (found) return found.word;
      }
      return undefined;
    },
    without: (text) => everywhere().reduce((left, pattern) => left.replace(pattern, " "), plain(text)),
  };
}

/** Words as they are compared: see `wordFinder`. */
export const comparable = plain;
