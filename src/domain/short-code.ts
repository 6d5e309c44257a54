/**
 * Codes that somebody reads from one screen and types on another: no vowels, so that none spells a word, and no letters that
 * are taken for figures.
 */
interface CodeKind {
  readonly alphabet: string;
  readonly chars: number;
}

/** 28 to the power of 8 are 378,000,000,000. */
const LINK: CodeKind = { alphabet: "23456789BCDFGHJKMNPQRSTVWXYZ", chars: 8 };
/** Read from a wall: letters alone, and Y is half a vowel. 19 to the power of 6 are 47,000,000; it ends with its meeting. */
const JOIN: CodeKind = { alphabet: "BCDFGHJKMNPQRSTVWXZ", chars: 6 };

const newCode = ({ alphabet, chars }: CodeKind, below: (max: number) => number): string =>
  Array.from({ length: chars }, () => alphabet[below(alphabet.length)]).join("");

/** However it was typed: in small letters, in parts, with full-width figures. `undefined`: it is none. */
function codeIn({ alphabet, chars }: CodeKind, typed: string): string | undefined {
  const code = typed
    .slice(0, 100)
    .normalize("NFKC")
    .toUpperCase()
    .replace(/[\s\p{Cf}\p{Pd}]/gu, "");
  return code.length === chars && [...code].every((letter) => alphabet.includes(letter)) ? code : undefined;
}

/** For people, in halves: "BCDF-2345", "BCD-FGH". */
export const shownShortCode = (code: string): string =>
  `${code.slice(0, code.length / 2)}-${code.slice(code.length / 2)}`;

/** @param below a random whole number from 0 up to it, unpredictable */
export const newShortCode = (below: (max: number) => number): string => newCode(LINK, below);
export const shortCodeIn = (typed: string): string | undefined => codeIn(LINK, typed);

/** With which a phone comes into a meeting. @param below as of `newShortCode` */
export const newJoinCode = (below: (max: number) => number): string => newCode(JOIN, below);
export const joinCodeIn = (typed: string): string | undefined => codeIn(JOIN, typed);

const KEY_CHARS = 16;
/** In the address of a wall: 16 of a-z and 0-9. @param below as of `newShortCode` */
export const newWallKey = (below: (max: number) => number): string =>
  Array.from({ length: KEY_CHARS }, () => below(36).toString(36)).join("");
