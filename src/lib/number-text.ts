import { z } from "zod";

/** What a person meant by a number they wrote. */
export type NumberText =
  | { readonly is: "number"; readonly value: number }
  /** Its separator groups thousands in one country and begins decimals in another: both are told, in plain digits. */
  | { readonly is: "unsure"; readonly could: readonly [string, string] }
  | { readonly is: "none" };

const NONE: NumberText = { is: "none" };
/** They only ever group: spaces of all kinds, apostrophes, the Arabic mark. */
const GROUPED = /^([+-]?\d{1,3})((?:[ \u00a0\u2007\u2009\u202f'’_\u066c]\d{3})+)$/u;
/** Twice the same mark can only group. */
const GROUPED_TWICE = /^[+-]?\d{1,3}(?:(?:,\d{3}){2,6}|(?:\.\d{3}){2,6})$/u;
const GROUPED_ONCE = /^([+-]?[1-9]\d{0,2})([.,])(\d{3})$/u;

/** "12", "#12", "1 000", "1'000", "1.000.000", in the digits of any script. "1,000" and "12.000" are unsure, "7.5" is none. */
export function wholeNumberText(text: string): NumberText {
  const plain = plainDigits(text);
  const whole = /^([+-]?\d{1,20})[.,]?$/u.exec(plain)?.[1] ?? groupedDigits(plain);
  if (whole !== undefined) return { is: "number", value: Number(whole) };
  const [, high, , low] = GROUPED_ONCE.exec(plain) ?? [];
  return high === undefined || low === undefined ? NONE : { is: "unsure", could: [high + low, high] };
}

/** As `wholeNumberText`, and "3.5", "3,5", ".5", "1.250". "1,250" is unsure. */
export function decimalNumberText(text: string): NumberText {
  const plain = plainDigits(text);
  const grouped = groupedDigits(plain);
  if (grouped !== undefined) return { is: "number", value: Number(grouped) };
  const [, high, mark, low] = GROUPED_ONCE.exec(plain) ?? [];
  if (high !== undefined && mark === "," && low !== undefined)
    return { is: "unsure", could: [high + low, `${high}.${low}`] };
  if (!/^[+-]?(?:\d{1,20}(?:[.,]\d{0,20})?|[.,]\d{1,20})$/u.test(plain)) return NONE;
  return { is: "number", value: Number(plain.replace(",", ".")) };
}

/** A whole number as a setting or flag is written; text that is not surely one is refused. */
export const wholeNumberSetting = (min: number, max: number) =>
  z.preprocess((given) => {
    const read = typeof given === "string" ? wholeNumberText(given) : NONE;
    return read.is === "number" ? read.value : given;
  }, z.int().min(min).max(max));

function groupedDigits(plain: string): string | undefined {
  const [, high, groups] = GROUPED.exec(plain) ?? [];
  if (high !== undefined && groups !== undefined) return high + groups.replace(/\D/gu, "");
  return GROUPED_TWICE.test(plain) ? plain.replace(/[.,]/gu, "") : undefined;
}

/** Without # and white space around, with 0 to 9 for the digits of every script, and - for every minus. */
function plainDigits(text: string): string {
  return withPlainDigits(text.slice(0, 100))
    .trim()
    .replace(/^[#＃]/u, "")
    .replace(/[−﹣－]/gu, "-")
    .replace(/＋/gu, "+")
    .replace(/[٫．]/gu, ".")
    .replace(/，/gu, ",");
}

/** 0 to 9 in place of the digits of every script. */
export const withPlainDigits = (text: string): string =>
  text.replace(/\p{Nd}/gu, (digit) => String(digitOf(digit.codePointAt(0) ?? 0)));

const isDigit = (codePoint: number) => /\p{Nd}/u.test(String.fromCodePoint(codePoint));

/** Unicode keeps each script's ten digits together, 0 first; where sets stand in a row, the first begins after a gap. */
function digitOf(codePoint: number): number {
  let first = codePoint;
  while (isDigit(first - 1)) first -= 1;
  return (codePoint - first) % 10;
}
