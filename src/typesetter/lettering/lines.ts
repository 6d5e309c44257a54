import type { FontName } from "./fonts.ts";
import { type ShapedLine, shapeLine } from "./shape.ts";

export interface FittedBlock {
  readonly lines: readonly { readonly line: ShapedLine; readonly capPx: number }[];
  /** From one baseline to the next, by line: the distance above that line. */
  readonly leading: number;
}

/** A word no page is wide enough for is cut, so that the rest can be read. */
const LONGEST_WORD_CHARS = 28;

export function wordsOf(text: string): readonly string[] {
  return text
    .split(/\s+/u)
    .filter((word) => word !== "")
    .flatMap((word) => {
      const characters = [...word];
      if (characters.length <= LONGEST_WORD_CHARS) return [word];
      const parts: string[] = [];
      for (let i = 0; i < characters.length; i += LONGEST_WORD_CHARS)
        parts.push(characters.slice(i, i + LONGEST_WORD_CHARS).join(""));
      return parts;
    });
}

/** Breaks words into at most `count` lines so that the longest is as short as it can be. */
function breakBalanced(
  words: readonly string[],
  widths: readonly number[],
  space: number,
  count: number,
): readonly string[] {
  const total = widths.reduce((sum, width) => sum + width + space, 0);
  let low = Math.max(0, ...widths);
  let high = total;
  for (let round = 0; round < 18; round++) {
    const middle = (low + high) / 2;
    if (greedy(words, widths, space, middle).length <= count) high = middle;
    else low = middle;
  }
  return greedy(words, widths, space, high);
}

function greedy(words: readonly string[], widths: readonly number[], space: number, limit: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  let width = 0;
  words.forEach((word, index) => {
    const own = widths[index] ?? 0;
    if (line !== "" && width + space + own > limit + 1e-6) {
      lines.push(line);
      line = word;
      width = own;
    } else {
      width += line === "" ? own : space + own;
      line = line === "" ? word : `${line} ${word}`;
    }
  });
  if (line !== "") lines.push(line);
  return lines;
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
}

/** The largest setting of `text` inside the box; `undefined` for blank text. */
export function fitText(text: string, rules: FitRules): FittedBlock | undefined {
  const words = wordsOf(text);
  if (words.length === 0) return undefined;
  const tracking = rules.tracking ?? 0;
  const widths = words.map((word) => shapeLine(word, rules.font, tracking).advance);
  const space = shapeLine("x x", rules.font, tracking).advance - 2 * shapeLine("x", rules.font, tracking).advance;
  const most = Math.min(words.length, 40);
  let best: FittedBlock | undefined;
  let bestScore = -1;
  for (let count = 1; count <= most; count++) {
    const broken = breakBalanced(words, widths, space, count);
    if (broken.length < count && count > 1) continue;
    const block = setLines(broken, rules);
    const score = Math.min(...block.lines.map((line) => line.capPx));
    // A further line has to earn its place, otherwise short words pile up one by one.
    if (score > bestScore * 1.06) {
      best = block;
      bestScore = score;
    }
  }
  return best;
}

/** Wood type's largest line next to its smallest. */
const JUSTIFY_RATIO = 2.4;

function setLines(texts: readonly string[], rules: FitRules): FittedBlock {
  const lines = texts.map((text) => shapeLine(text, rules.font, rules.tracking ?? 0));
  const inkWidths = lines.map((line) => Math.max(0.01, line.ink.right - line.ink.left));
  const widest = Math.max(...inkWidths);
  const even = Math.min(rules.maxCapPx, rules.widthPx / widest);
  const sizes = rules.justify
    ? inkWidths.map((width) => Math.min(rules.maxCapPx * 1.6, rules.widthPx / width, even * JUSTIFY_RATIO))
    : inkWidths.map(() => even);
  const height = blockHeight(lines, sizes, rules.leading);
  const shrink = Math.min(1, rules.heightPx / height);
  return { lines: lines.map((line, index) => ({ line, capPx: (sizes[index] ?? 0) * shrink })), leading: rules.leading };
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
  const clear = (above?.ink.bottom ?? 0) * aboveCap - line.ink.top * cap + 0.06 * Math.min(aboveCap, cap);
  return Math.max(cap + (leading - 1) * Math.min(aboveCap, cap), clear);
}
