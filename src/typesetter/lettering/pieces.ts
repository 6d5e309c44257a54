/** A piece of a text that stays on one line. */
export interface Piece {
  readonly text: string;
  /** How it follows the piece before it where both stand on one line; "dot": with " · " between; "line": they never do. */
  readonly after: "space" | "nothing" | "dot" | "line";
}

/** Between thoughts that are read together: "Friday · Town square". */
const DOT = "·";

/** A word no page is wide enough for is cut, so that the rest can be read. */
const LONGEST_WORD_CHARS = 28;
/** An address in full is worth small letters. */
const LONGEST_LINK_CHARS = 60;
const LINK = /^(?:https?:\/\/|www\.)|^[^\s@]+@[^\s@]+\.\p{L}+$|^[\p{L}\p{N}.-]+\.\p{L}{2,}\/\S/iu;

/** Written without spaces between words. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
/** No line begins with these: what closes, what lengthens the sound before it, what Japanese hangs on a word. */
const NEVER_FIRST =
  /^(?:[\p{Pe}\p{Pf}\p{Po}\p{M}ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ々ゝゞヽヾ〜～…‥％%]|\p{Script=Hiragana}{1,2}$)/u;
/** And ends with these. */
const NEVER_LAST = /[\p{Ps}\p{Pi}¿¡「『《〈（［｛【〔"'#＃$￥¥€£№]$/u;

// Made when first needed: each takes milliseconds.
const segmenters = new Map<"word" | "grapheme", Intl.Segmenter>();

function segment(text: string, by: "word" | "grapheme"): readonly string[] {
  const segmenter = segmenters.get(by) ?? new Intl.Segmenter("und", { granularity: by });
  segmenters.set(by, segmenter);
  return [...segmenter.segment(text)].map((found) => found.segment);
}

/** Where a text may be broken, by its scripts' own rules, and where it must be: at its line breaks. */
export function piecesOf(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  for (const line of text.split("\n")) {
    let after: Piece["after"] = "line";
    // A space that must not break stays inside its piece.
    const words = bound(line.split(/[^\S\u00a0]+/u)).filter((word) => word.replace(/\u00a0/gu, "") !== "");
    for (const [index, word] of words.entries()) {
      // What parts two thoughts stands between them, never at a line's end or beginning.
      if (word === DOT && index > 0 && index < words.length - 1) {
        after = "dot";
        continue;
      }
      for (const part of partsOf(word)) {
        pieces.push({ text: part, after });
        after = "nothing";
      }
      after = "space";
    }
  }
  return pieces;
}

/** "No. 1", "Dr. Okafor", "18:30 Uhr", "10 €" lose their sense when a line ends inside them. */
const LEADS_ON = /^(?:no|nr|nº|n°|№|dr|prof|mr|mrs|ms|st|sr|sra|§|art|ул|д|г)\.?$|^(?:[€£$]|\+)$/iu;
const COUNTED = /\p{N}[.,]?$/u;
const UNIT = /^(?:uhr|h|am|pm|a\.m\.|p\.m\.|€|\$|£|₽|%|eur|usd|euros?|km|руб\.?|ч\.?|बजे|น\.)[.,;!)]?$/iu;

function bound(words: readonly string[]): readonly string[] {
  const whole: string[] = [];
  for (const word of words) {
    const before = whole.at(-1);
    const isBound = before !== undefined && (LEADS_ON.test(before) || (COUNTED.test(before) && UNIT.test(word)));
    // Two at most: a chain of them would be a line that no page is wide enough for.
    if (isBound && !before.includes(" ")) whole[whole.length - 1] = `${before} ${word}`;
    else whole.push(word);
  }
  return whole;
}

const partsOf = (word: string): readonly string[] =>
  (UNSPACED.test(word) ? unspaced(word) : [word]).flatMap((part) => cut(part));

function unspaced(text: string): readonly string[] {
  const parts: string[] = [];
  for (const part of segment(text, "word")) {
    const before = parts.at(-1);
    const isBound = before !== undefined && (NEVER_FIRST.test(part) || NEVER_LAST.test(before) || isOne(before, part));
    if (isBound) parts[parts.length - 1] = before + part;
    else parts.push(part);
  }
  return parts;
}

/** "18:30" and "example.org" among Chinese, and "5月": only words of the unspaced scripts part from each other. */
const isOne = (before: string, part: string): boolean =>
  (!UNSPACED.test(part) && !UNSPACED.test(before.slice(-1))) || (/\p{N}$/u.test(before) && part.length === 1);

function cut(word: string): readonly string[] {
  const longest = LINK.test(word) ? LONGEST_LINK_CHARS : LONGEST_WORD_CHARS;
  // Counted as letters that are seen: a cut never tears marks from their letter.
  if (word.length <= longest) return [word];
  const letters = segment(word, "grapheme");
  if (letters.length <= longest) return [word];
  const parts: string[] = [];
  for (let i = 0; i < letters.length; i += longest) parts.push(letters.slice(i, i + longest).join(""));
  return parts;
}

/** As they may stand on lines of their own. */
export const wordsOf = (text: string): readonly string[] => piecesOf(text).map((piece) => piece.text);
