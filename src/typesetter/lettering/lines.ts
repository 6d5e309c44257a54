import { balanced, type MeasuredText, measureText, phrasesOf } from "./breaks.ts";
import type { FontName } from "./families.ts";
import type { HanForm } from "./han.ts";
import { type ShapedLine, shapeLine } from "./shape.ts";

interface FittedLine {
  readonly line: ShapedLine;
  readonly capPx: number;
  /** In heights of a capital: what goes on below an item's mark stands beside the mark. */
  readonly indent: number;
}

export interface FittedBlock {
  readonly lines: readonly FittedLine[];
  /** From one baseline to the next, by line: the distance above that line. */
  readonly leading: number;
}

export interface FitRules {
  readonly font: FontName;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly maxCapPx: number;
  /** Baseline to baseline, in heights of a capital. */
  readonly leading: number;
  readonly tracking?: number;
  /** Every line as wide as the block, as wood type was set. */
  readonly justify?: boolean;
  /** Of the whole poster; default simplified Chinese. */
  readonly han?: HanForm;
  /** One item a line, each with its mark. */
  readonly isList?: boolean;
}

/** No count of lines above this is tried. */
const MOST_LINES = 40;

/** Thoughts that stay whole may make the letters so much smaller. */
const WHOLE_THOUGHTS = 0.74;

/** The largest setting of `text` inside the box; `undefined` for blank text. */
export function fitText(text: string, rules: FitRules): FittedBlock | undefined {
  const measured = measureText(text, rules);
  if (measured.pieces.length === 0) return undefined;
  const free = fitPieces(measured, rules);
  const whole = phrasesOf(measured);
  if (whole === measured) return free.block;
  const thoughts = fitPieces(whole, rules);
  return thoughts.capPx >= free.capPx * WHOLE_THOUGHTS ? thoughts.block : free.block;
}

function fitPieces(measured: MeasuredText, rules: FitRules): { readonly block: FittedBlock; readonly capPx: number } {
  const { pieces } = measured;
  const least = 1 + pieces.filter(({ after }, index) => index > 0 && after === "line").length;
  const most = Math.max(least, Math.min(pieces.length, MOST_LINES));
  let best: FittedBlock | undefined;
  let bestScore = -1;
  for (let count = least; count <= most; count++) {
    const broken = balanced(measured, count);
    if (best && broken.length < count) continue;
    const block = setLines(broken, rules);
    const score = Math.min(...block.lines.map((line) => line.capPx));
    // A further line has to earn its place, otherwise short words pile up one by one.
    if (score > bestScore * 1.06) {
      best = block;
      bestScore = score;
    }
  }
  return { block: best ?? setLines(balanced(measured, least), rules), capPx: bestScore };
}

/** Wood type's largest line next to its smallest. */
const JUSTIFY_RATIO = 2.4;

/** Before an item of a list. */
export const LIST_MARK = /^(?:•|\p{Nd}{1,2}[.)]|\(\p{Nd}{1,2}\)|[①-⑳])\s*(?=\S)/u;

function setLines(texts: readonly string[], rules: FitRules): FittedBlock {
  const { font, tracking = 0, han } = rules;
  const lines = texts.map((text) => shapeLine(text, font, tracking, han));
  const indents = rules.isList ? indentsOf(texts, rules) : texts.map(() => 0);
  const inkWidths = lines.map((line, index) => Math.max(0.01, line.ink.right - line.ink.left + (indents[index] ?? 0)));
  const widest = Math.max(...inkWidths);
  const even = Math.min(rules.maxCapPx, rules.widthPx / widest);
  const sizes = rules.justify
    ? inkWidths.map((width) => Math.min(rules.maxCapPx * 1.6, rules.widthPx / width, even * JUSTIFY_RATIO))
    : inkWidths.map(() => even);
  const leading = rules.justify ? rules.leading : leadingOf(lines, rules.leading);
  const height = blockHeight(lines, sizes, leading);
  const shrink = Math.min(1, rules.heightPx / height);
  return {
    lines: lines.map((line, index) => ({
      line,
      capPx: (sizes[index] ?? 0) * shrink,
      indent: indents[index] ?? 0,
    })),
    leading,
  };
}

function indentsOf(texts: readonly string[], { font, tracking = 0, han }: FitRules): readonly number[] {
  let hang = 0;
  return texts.map((text) => {
    const [mark] = LIST_MARK.exec(text) ?? [];
    if (mark === undefined) return hang;
    const widthOf = (words: string): number => shapeLine(words, font, tracking, han).advance;
    hang = widthOf(`${mark}x`) - widthOf("x");
    return 0;
  });
}

/** From the top of the first line's ink to the bottom of the last one's. */
export function blockHeight(lines: readonly ShapedLine[], sizes: readonly number[], leading: number): number {
  let height = 0;
  lines.forEach((line, index) => {
    const size = sizes[index] ?? 0;
    height +=
      index === 0 ? -line.ink.top * size : stepBetween(lines[index - 1], sizes[index - 1] ?? 0, line, size, leading);
  });
  const last = lines.at(-1);
  return height + (last ? last.ink.bottom * (sizes.at(-1) ?? 0) : 0);
}

/** The distance between two baselines: the leading, or more where a descender would touch an accent. */
export function stepBetween(
  above: ShapedLine | undefined,
  aboveCap: number,
  line: ShapedLine,
  cap: number,
  leading: number,
): number {
  const least = Math.min(aboveCap, cap);
  const clear = (above?.ink.bottom ?? 0) * aboveCap - line.ink.top * cap + clearanceOf(line) * least;
  return Math.max(cap + (leading - 1) * least, clear);
}

/** Of lines of one size: what two of them need, all of them have. */
export const leadingOf = (lines: readonly ShapedLine[], wanted: number): number =>
  lines.reduce(
    (most, line, index) => (index === 0 ? most : Math.max(most, stepBetween(lines[index - 1], 1, line, 1, wanted))),
    wanted,
  );

/** Written hanging from a line: what touches it looks like part of the letters. */
const HANGING = /[\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}]/u;
const clearanceOf = ({ text }: ShapedLine): number => (HANGING.test(text) ? 0.18 : 0.06);
