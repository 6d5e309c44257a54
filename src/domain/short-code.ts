/**
 * Codes that somebody reads from one screen and types on another: no vowels, so that none spells a word, and no letters that
 * are taken for figures. 28 to the power of 8 are 378,000,000,000.
 */
const ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ";
const CHARS = 8;
const HALF = CHARS / 2;

/** @param below a random whole number from 0 up to it, unpredictable */
export const newShortCode = (below: (max: number) => number): string =>
  Array.from({ length: CHARS }, () => ALPHABET[below(ALPHABET.length)]).join("");

/** For people: "BCDF-2345". */
export const shownShortCode = (code: string): string => `${code.slice(0, HALF)}-${code.slice(HALF)}`;

/** However it was typed: in small letters, in parts, with full-width figures. `undefined`: it is none. */
export function shortCodeIn(typed: string): string | undefined {
  const code = typed
    .slice(0, 100)
    .normalize("NFKC")
    .toUpperCase()
    .replace(/[\s\p{Cf}\p{Pd}]/gu, "");
  return code.length === CHARS && [...code].every((letter) => ALPHABET.includes(letter)) ? code : undefined;
}
