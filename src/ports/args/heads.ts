/** What begins an option: `seed:`, `seed: `, `seed=`, `--seed `, `—seed `, `CFG scale: `, `cfg：`. */
export interface Head {
  readonly name: string;
  /** Dashes stand before the name. */
  readonly flag: boolean;
  readonly sign: ":" | "=" | undefined;
  /** White space stands between the name and its value. */
  readonly spaced: boolean;
  readonly valueAt: number;
}

/** Letters of any script. */
const NAME = /\p{L}[\p{L}\p{M}\p{N}_]{0,31}(?![\p{L}\p{M}\p{N}_])/uy;
/** Of other programs' names those with spaces and hyphens. */
const PHRASE =
  /(?:negative[ _-]?prompt|(?:distilled[ _-])?cfg[ _-]?scale|guidance[ _-]?scale|aspect[ _-]?ratio|lora[ _-]?scale|sampling[ _]steps)(?![\p{L}\p{N}_])/iuy;
const PHRASES_BEGIN = new Set(["negative", "distilled", "cfg", "guidance", "aspect", "lora", "sampling"]);
const SIGNS = ":：=＝";
const GAPS = " \t\u00a0\u202f";
const DASHES = "-‐‑‒–—―−⸺﹘﹣－";
const DASHES_MAX = 3;

/** `undefined`: these are words. */
export function headAt(text: string, at: number): Head | undefined {
  let from = at;
  while (from - at < DASHES_MAX && from < text.length && DASHES.includes(text[from] ?? " ")) from += 1;
  const name = nameAt(text, from);
  if (name === undefined) return undefined;
  const flag = from > at;
  const nameEnd = from + name.length;
  const signAt = GAPS.includes(text[nameEnd] ?? "x") ? nameEnd + 1 : nameEnd;
  const sign = SIGNS.includes(text[signAt] ?? "x") ? text[signAt] : undefined;
  if (!flag && sign === undefined) return undefined;
  const end = sign === undefined ? nameEnd : signAt + 1;
  const valueAt = skipSpaces(text, end);
  if (sign === undefined && valueAt === end && end < text.length) return undefined;
  return {
    name: name.normalize("NFKC"),
    flag,
    sign: sign === undefined ? undefined : /[:：]/u.test(sign) ? ":" : "=",
    spaced: signAt > nameEnd || valueAt > end || end >= text.length,
    valueAt,
  };
}

function nameAt(text: string, at: number): string | undefined {
  if ((text[at] ?? " ") < "A") return undefined;
  NAME.lastIndex = at;
  const name = NAME.exec(text)?.[0];
  if (name === undefined || name.length < 3) return name;
  const [first = ""] = name.toLowerCase().split("_");
  if (!PHRASES_BEGIN.has(first)) return name;
  PHRASE.lastIndex = at;
  return PHRASE.exec(text)?.[0] ?? name;
}

export const isSpace = (char: string | undefined): boolean =>
  char === " " || (char !== undefined && (char < "!" || char > "~") && !"“”„".includes(char) && /\s/u.test(char));
/** They part options from words where no space does. */
export const SEPARATORS = ",;，；、،؛";
export const isSeparator = (char: string | undefined): boolean => char !== undefined && SEPARATORS.includes(char);

export function skipSpaces(text: string, from: number): number {
  let at = from;
  while (at < text.length && isSpace(text[at])) at += 1;
  return at;
}

export function skipSeparators(text: string, from: number): number {
  let at = from;
  while (isSeparator(text[at])) at += 1;
  return at;
}
