import type { Quotations } from "../../lib/quotes.ts";
import type { OptionSpec } from "../option.ts";
import { isSeparator, isSpace, SEPARATORS, skipSeparators, skipSpaces } from "./heads.ts";

const ENDING = new RegExp(`(?<![${SEPARATORS}])[${SEPARATORS}]{1,10}$`, "u");
/** A comma that another word follows. */
const BETWEEN_WORDS = new RegExp(`[${SEPARATORS}](?=[-\\p{L}\\u2010-\\u2015\\u2212])`, "u");
const SPACED_SIZE = /\d{2,5}\s?[x×*]\s?\d{2,5}(?=$|[\s,;.])/iuy;

/** The value that begins here, one word or one quoted text, and where to go on after it. */
export function valueAt(
  text: string,
  from: number,
  rule: OptionSpec,
  quotes: Quotations,
): { readonly value: string; readonly end: number } {
  const quoted = quotes.endAt(from);
  if (quoted !== undefined && (quoted >= text.length || isSpace(text[quoted]) || isSeparator(text[quoted])))
    return { value: text.slice(from + 1, quoted - 1), end: skipSeparators(text, quoted) };
  const free = rule.kind === "text" && (rule.choices === undefined || rule.openChoices) && rule.name !== "size";
  const written = free ? text.slice(from, wordEnd(text, from)) : plainValueAt(text, from, rule);
  const end = from + written.length;
  const value = written.replace(ENDING, "");
  return { value: free ? value : value.normalize("NFKC"), end: free ? end : skipSeparators(text, end) };
}

/** All words up to where the next option begins or to the end, or one quoted text. */
export function phraseAt(
  text: string,
  from: number,
  quotes: Quotations,
  begins: (at: number) => boolean,
): { readonly value: string; readonly end: number } {
  const quoted = quotes.endAt(from);
  if (quoted !== undefined && (quoted >= text.length || isSpace(text[quoted])))
    return { value: text.slice(from + 1, quoted - 1), end: quoted };
  let end = from;
  while (end < text.length && !begins(end)) end += 1;
  return { value: text.slice(from, end).trim(), end };
}

export function wordEnd(text: string, from: number): number {
  let end = from;
  while (end < text.length && !isSpace(text[end])) end += 1;
  return end;
}

/** Of a number, a size or a choice: also up to a comma that another word follows. */
function plainValueAt(text: string, from: number, rule: OptionSpec): string {
  SPACED_SIZE.lastIndex = from;
  const size = rule.name === "size" ? SPACED_SIZE.exec(text)?.[0] : undefined;
  if (size !== undefined) return size;
  const word = text.slice(from, wordEnd(text, from));
  const cut = BETWEEN_WORDS.exec(word);
  return cut ? word.slice(0, cut.index) : word;
}

/** Groups of three digits that go on a number with spaces: `12 000`. */
export const groupsAt = (text: string, at: number): string | undefined =>
  /^(?:[ \u00a0\u2009\u202f]\d{3})+(?!\S)/u.exec(text.slice(at, at + 60))?.[0].trim();

/** Where `a, b, c` ends. @param begins an option begins there */
export function listEndAt(typed: string, from: number, begins: (at: number) => boolean): number {
  let end = wordEnd(typed, from);
  while (isSeparator(typed[end - 1])) {
    const next = skipSpaces(typed, end);
    if (next >= typed.length || begins(next)) break;
    end = wordEnd(typed, next);
  }
  return end;
}
