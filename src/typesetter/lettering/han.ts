/** Which readers Han characters are drawn for: the same code points have other forms in each country. */
export type HanForm = "japanese" | "simplified" | "traditional";

const HAN = /\p{Script=Han}/gu;
const KANA = /[\p{Script=Hiragana}\p{Script=Katakana}]/u;
const HANGUL = /\p{Script=Hangul}/u;

let tables: { readonly simplified: ReadonlySet<string>; readonly traditional: ReadonlySet<string> } | undefined;

/** Which characters mainland China writes (GB 2312) and which Taiwan and Hong Kong do (Big5), as Node's ICU has them. */
function standards() {
  tables ??= {
    simplified: charactersIn("gbk", [0xb0, 0xf7], [0xa1, 0xfe]),
    traditional: charactersIn("big5", [0xa4, 0xf9], [0x40, 0xfe]),
  };
  return tables;
}

function charactersIn(
  encoding: string,
  [firstRow, lastRow]: readonly [number, number],
  [first, last]: readonly [number, number],
): ReadonlySet<string> {
  const pairs: number[] = [];
  for (let row = firstRow; row <= lastRow; row++) for (let at = first; at <= last; at++) pairs.push(row, at);
  return new Set(new TextDecoder(encoding).decode(Uint8Array.from(pairs)).match(HAN));
}

/** By all the words of a poster together: a line of it may be written the same everywhere. */
export function hanFormOf(text: string): HanForm {
  if (KANA.test(text)) return "japanese";
  const characters = text.match(HAN) ?? [];
  if (characters.length === 0) return "simplified";
  const { simplified, traditional } = standards();
  const onlyTraditional = characters.filter((one) => !simplified.has(one) && traditional.has(one)).length;
  const onlySimplified = characters.filter((one) => simplified.has(one) && !traditional.has(one)).length;
  if (onlyTraditional === onlySimplified) return HANGUL.test(text) ? "traditional" : "simplified";
  return onlyTraditional > onlySimplified ? "traditional" : "simplified";
}
