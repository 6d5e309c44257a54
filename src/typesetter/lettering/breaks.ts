import type { FontName } from "./families.ts";
import type { HanForm } from "./han.ts";
import { type Piece, piecesOf } from "./pieces.ts";
import { shapeLine } from "./shape.ts";

interface Measured extends Piece {
  /** In heights of a capital. */
  readonly width: number;
}

/** A text in pieces that are as wide as the face makes them, to be broken at any size. */
export interface MeasuredText {
  readonly pieces: readonly Measured[];
  /** Between two of them, in heights of a capital. */
  readonly gaps: Readonly<Record<Piece["after"], number>>;
  /** Of the widest piece: no line is narrower. */
  readonly widest: number;
}

interface Voiced {
  readonly font: FontName;
  readonly tracking?: number;
  readonly han?: HanForm;
}

const JOIN: Readonly<Record<Piece["after"], string>> = { space: " ", nothing: "", dot: " · ", line: "" };

export function measureText(text: string, { font, tracking = 0, han }: Voiced): MeasuredText {
  const widthOf = (words: string): number => shapeLine(words, font, tracking, han).advance;
  const pieces = piecesOf(text).map((piece) => ({ ...piece, width: widthOf(piece.text) }));
  const letters = 2 * shapeLine("x", font, tracking).advance;
  const gapOf = (join: string): number => shapeLine(`x${join}x`, font, tracking).advance - letters;
  const dot = pieces.some(({ after }) => after === "dot") ? gapOf(JOIN.dot) : 0;
  return withWidest(pieces, { space: gapOf(JOIN.space), nothing: 0, dot, line: 0 });
}

const withWidest = (pieces: readonly Measured[], gaps: MeasuredText["gaps"]): MeasuredText => ({
  pieces,
  gaps,
  widest: Math.max(0, ...pieces.map(({ width }) => width)),
});

/** The same with thoughts that do not break: those that " · " parts. The text itself where nothing is parted so. */
export function phrasesOf(text: MeasuredText): MeasuredText {
  const { pieces, gaps } = text;
  if (!pieces.some(({ after }) => after === "dot")) return text;
  const whole: Measured[] = [];
  for (const piece of pieces) {
    const before = whole.at(-1);
    if (!before || piece.after === "dot" || piece.after === "line") whole.push(piece);
    else
      whole[whole.length - 1] = {
        ...before,
        text: `${before.text}${JOIN[piece.after]}${piece.text}`,
        width: before.width + gaps[piece.after] + piece.width,
      };
  }
  return withWidest(whole, gaps);
}

/** A line more is worth thoughts that stay whole. */
const LINES_FOR_THOUGHTS = 1;

/**
 * As few lines as a width takes, and those about equally long.
 *
 * @param limit in heights of a capital, at least the widest piece
 */
export function breakWithin(text: MeasuredText, limit: number): readonly string[] {
  const count = linesWithin(text, limit);
  const whole = phrasesOf(text);
  if (whole !== text && whole.widest <= limit) {
    const most = linesWithin(whole, limit);
    if (most <= count + LINES_FOR_THOUGHTS) return balanced(whole, most, limit);
  }
  return balanced(text, count, limit);
}

/** A line may be so much longer than it has to be where that ends none in a bad place. */
const WIDER = 1.1;

/**
 * At most `count` lines of which the longest is about as short as it can be, and the others as like it as they can be.
 *
 * @param limit in heights of a capital
 */
export function balanced(text: MeasuredText, count: number, limit = Infinity): readonly string[] {
  const { pieces, gaps, widest } = text;
  let low = widest;
  let high = pieces.reduce((sum, { width, after }) => sum + width + gaps[after], 0);
  if (count > 1)
    for (let round = 0; round < 18; round++) {
      const middle = (low + high) / 2;
      if (linesWithin(text, middle) <= count) high = middle;
      else low = middle;
    }
  const starts = greedyStarts(text, high);
  return linesFrom(pieces, leastRagged(text, Math.min(limit, high * WIDER), starts.length) ?? starts);
}

const linesWithin = (text: MeasuredText, limit: number): number => greedyStarts(text, limit).length;

const HAIR = 1e-6;

/** At which pieces lines begin when each takes what it can. */
function greedyStarts({ pieces, gaps }: MeasuredText, limit: number): readonly number[] {
  const starts: number[] = [];
  let width = 0;
  pieces.forEach(({ after, width: own }, index) => {
    const longer = width + gaps[after] + own;
    if (index === 0 || after === "line" || longer > limit + HAIR) {
      starts.push(index);
      width = own;
    } else width = longer;
  });
  return starts;
}

const linesFrom = (pieces: readonly Measured[], starts: readonly number[]): readonly string[] =>
  starts.map((from, index) =>
    pieces
      .slice(from, starts[index + 1])
      .map(({ text, after }, at) => (at === 0 ? text : `${JOIN[after]}${text}`))
      .join(""),
  );

/** Longer prose is read, not looked at. */
const LOOKED_AT = 40;
/** Beside the square of what a line is shorter than the longest: a line that ends where no one would pause. */
const COST = { numberAlone: 0.35, leadsNowhere: 0.04 } as const;
const NUMBER = /^[\p{N}.,:]{1,4}[.,;]?$/u;
/** Belongs to the word after it. */
const LEADS =
  /^(?:a|an|the|and|or|of|to|for|in|our|der|die|das|und|für|im|le|la|les|et|de|du|el|los|y|и|в|на|за|с|і|та|o|e|os|as)$/iu;

/** @returns where the lines begin; `undefined` where what takes most in each line does as well */
function leastRagged({ pieces, gaps }: MeasuredText, limit: number, count: number): readonly number[] | undefined {
  if (count < 2 || pieces.length > LOOKED_AT || count === pieces.length) return undefined;
  // best[lines][end]: the pieces before `end` in so many lines.
  const best: { readonly cost: number; readonly from: number }[][] = [[{ cost: 0, from: 0 }]];
  for (let lines = 1; lines <= count; lines++) {
    const row: { cost: number; from: number }[] = [];
    for (let from = lines - 1; from < pieces.length; from++) {
      const before = best[lines - 1]?.[from];
      if (!before) continue;
      let width = 0;
      for (let end = from + 1; end <= pieces.length; end++) {
        const piece = pieces[end - 1];
        if (!piece || (end > from + 1 && piece.after === "line")) break;
        width += piece.width + (end > from + 1 ? gaps[piece.after] : 0);
        if (width > limit + HAIR) break;
        const cost = before.cost + ((limit - width) / limit) ** 2 + breakCost(piece, pieces[end]);
        if (cost < (row[end]?.cost ?? Infinity)) row[end] = { cost, from };
      }
    }
    best.push(row);
  }
  const starts: number[] = [];
  for (let lines = count, end = pieces.length; lines > 0; lines--) {
    const found = best[lines]?.[end];
    if (!found) return undefined;
    starts.unshift(found.from);
    end = found.from;
  }
  return starts;
}

/** Of ending a line between two pieces. */
function breakCost(last: Measured, next: Measured | undefined): number {
  if (next?.after !== "space") return 0;
  return (NUMBER.test(next.text) ? COST.numberAlone : 0) + (LEADS.test(last.text) ? COST.leadsNowhere : 0);
}
