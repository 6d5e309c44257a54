import type { FontName } from "./families.ts";
import type { HanForm } from "./han.ts";
import { type Piece, piecesOf } from "./pieces.ts";
import { type ShapedLine, shapeLine } from "./shape.ts";

export interface FittedBlock {
  readonly lines: readonly { readonly line: ShapedLine; readonly capPx: number }[];
  /** From one baseline to the next, by line: the distance above that line. */
  readonly leading: number;
}

/** Breaks pieces into at most `count` lines so that the longest is as short as it can be. */
function breakBalanced(pieces: readonly Measured[], space: number, count: number): readonly string[] {
  const total = pieces.reduce((sum, { width }) => sum + width + space, 0);
  let low = Math.max(0, ...pieces.map(({ width }) => width));
  let high = total;
  for (let round = 0; round < 18; round++) {
    const middle = (low + high) / 2;
    if (greedy(pieces, space, middle).length <= count) high = middle;
    else low = middle;
  }
  return greedy(pieces, space, high);
}

interface Measured extends Piece {
  /** In heights of a capital. */
  readonly width: number;
}

function greedy(pieces: readonly Measured[], space: number, limit: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  let width = 0;
  for (const { text, after, width: own } of pieces) {
    const gap = after === "space" ? space : 0;
    if (line !== "" && (after === "line" || width + gap + own > limit + 1e-6)) {
      lines.push(line);
      line = text;
      width = own;
    } else {
      line = line === "" ? text : `${line}${after === "space" ? " " : ""}${text}`;
      width += line === text ? own : gap + own;
    }
  }
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
  /** Of the whole poster; default simplified Chinese. */
  readonly han?: HanForm;
}

/** No count of lines above this is tried. */
const MOST_LINES = 40;

/** The largest setting of `text` inside the box; `undefined` for blank text. */
export function fitText(text: string, rules: FitRules): FittedBlock | undefined {
  const pieces = piecesOf(text);
  if (pieces.length === 0) return undefined;
  const { font, tracking = 0, han } = rules;
  const measured = pieces.map((piece) => ({ ...piece, width: shapeLine(piece.text, font, tracking, han).advance }));
  const space = shapeLine("x x", font, tracking).advance - 2 * shapeLine("x", font, tracking).advance;
  const least = 1 + pieces.filter(({ after }, index) => index > 0 && after === "line").length;
  const most = Math.max(least, Math.min(pieces.length, MOST_LINES));
  let best: FittedBlock | undefined;
  let bestScore = -1;
  for (let count = least; count <= most; count++) {
    const broken = breakBalanced(measured, space, count);
    if (broken.length < count && count > least) continue;
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

/** A text in pieces that are as wide as the face makes them, to be broken at any size. */
export interface MeasuredText {
  readonly pieces: readonly Measured[];
  /** Between words, in heights of a capital. */
  readonly space: number;
  /** Of the widest piece: no line is narrower. */
  readonly widest: number;
}

export function measureText(text: string, { font, tracking = 0, han }: Voiced): MeasuredText {
  const pieces = piecesOf(text).map((piece) => ({
    ...piece,
    width: shapeLine(piece.text, font, tracking, han).advance,
  }));
  const space = shapeLine("x x", font, tracking).advance - 2 * shapeLine("x", font, tracking).advance;
  return { pieces, space, widest: Math.max(0, ...pieces.map(({ width }) => width)) };
}

type Voiced = Pick<FitRules, "font" | "tracking" | "han">;

/**
 * As few lines as a width takes, and those about equally long.
 *
 * @param limit in heights of a capital, at least the widest piece
 */
export const breakWithin = ({ pieces, space }: MeasuredText, limit: number): readonly string[] =>
  breakBalanced(pieces, space, greedy(pieces, space, limit).length);

/** Wood type's largest line next to its smallest. */
const JUSTIFY_RATIO = 2.4;

function setLines(texts: readonly string[], rules: FitRules): FittedBlock {
  const lines = texts.map((text) => shapeLine(text, rules.font, rules.tracking ?? 0, rules.han));
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
