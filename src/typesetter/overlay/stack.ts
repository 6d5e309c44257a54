import type { LetteredWords, LetteringFont, LetteringLevel } from "../../domain/lettering.ts";
import type { Rect } from "../composition/tree.ts";
import { breakWithin, type MeasuredText, measureText } from "../lettering/breaks.ts";
import type { FontName } from "../lettering/families.ts";
import { type HanForm, hanFormOf } from "../lettering/han.ts";
import { fontForLetters } from "../lettering/letters.ts";
import { LIST_MARK, leadingOf, stepBetween } from "../lettering/lines.ts";
import { type ShapedLine, shapeLine } from "../lettering/shape.ts";

/** A line where it stands, in px from the upper left corner of its stack. */
export interface StackLine {
  readonly line: ShapedLine;
  readonly level: LetteringLevel;
  /** Start of the baseline. */
  readonly x: number;
  readonly y: number;
  readonly capPx: number;
  /** Around the ink. */
  readonly ink: Rect;
}

export interface Stack {
  readonly lines: readonly StackLine[];
  /** Of all ink together. */
  readonly w: number;
  readonly h: number;
  /** Of what leads. */
  readonly leadPx: number;
  /** Of what is smallest. */
  readonly leastPx: number;
}

/** Words made ready to be set at any size: shaped once. */
export interface Copy {
  readonly blocks: readonly CopyBlock[];
  readonly isRightToLeft: boolean;
}

interface CopyBlock {
  readonly level: LetteringLevel;
  readonly font: FontName;
  readonly han: HanForm;
  readonly tracking: number;
  readonly paragraphs: readonly Paragraph[];
  readonly isList: boolean;
}

/** A list's item has its mark before it, and hangs from it. */
interface Paragraph {
  readonly mark: string;
  readonly text: MeasuredText;
}

/** By the first letter, as in the bidirectional algorithm. */
const RIGHT_TO_LEFT = /^[^\p{L}]*[\p{Script=Arabic}\p{Script=Hebrew}]/u;

/** What a voice says below its title. */
const SECOND: Readonly<Record<LetteringFont, FontName>> = {
  condensed: "narrow",
  anton: "narrow",
  grotesk: "text",
  archivo: "text",
  slab: "text",
  serif: "text",
  russo: "text",
  mono: "mono",
  marker: "text",
  typewriter: "typewriter",
};

export function copyOf(words: readonly LetteredWords[], voice: LetteringFont): Copy {
  const all = words.map(({ text }) => text).join(" ");
  const han = hanFormOf(all);
  const blocks = words.map(({ text, level, list }): CopyBlock => {
    const font = fontForLetters(level === "title" ? voice : SECOND[voice], words);
    const tracking = level === "title" ? 0 : 0.03;
    const isList = list === true;
    const paragraphs = text.split("\n").flatMap((line): Paragraph[] => {
      const mark = isList ? (LIST_MARK.exec(line)?.[0] ?? "") : "";
      const measured = measureText(line.slice(mark.length), { font, tracking, han });
      return measured.pieces.length === 0 ? [] : [{ mark: mark.trim(), text: measured }];
    });
    return { level, font, han, tracking, paragraphs, isList };
  });
  return { blocks: blocks.filter(({ paragraphs }) => paragraphs.length > 0), isRightToLeft: RIGHT_TO_LEFT.test(all) };
}

/** Sizes of the levels against what leads, and how large and small they may be, as shares of the picture's shorter side. */
const SCALE: Readonly<Record<LetteringLevel, { readonly of: number; readonly most: number; readonly least: number }>> =
  {
    title: { of: 1, most: 1, least: 0.026 },
    subtitle: { of: 0.5, most: 0.062, least: 0.0205 },
    details: { of: 0.42, most: 0.046, least: 0.0185 },
    small: { of: 0.24, most: 0.021, least: 0.0135 },
  };
/** Baseline to baseline, in heights of a capital. */
const LEADING: Readonly<Record<LetteringLevel, number>> = { title: 1.2, subtitle: 1.5, details: 1.6, small: 1.6 };
const LIST_LEADING = 1.72;
/** Of an item to the next, more than inside it. */
const ITEM_GAP = 0.18;

export interface StackRules {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly leadMaxPx: number;
  /** The picture's: small print has a size below which nobody reads it. */
  readonly shorterPx: number;
  readonly align: "left" | "centre" | "right";
}

/** Sizes that are tried, each this much smaller than the one before. */
const SHRINK = 0.94;
const SIZES = 48;

/** The words as large as they go. Whatever they are, they lie inside. */
export function setWords(copy: Copy, rules: StackRules): Stack {
  let best: Stack | undefined;
  let smallest: Stack | undefined;
  let [low, high] = [0, SIZES - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const stack = stackAt(copy, rules.leadMaxPx * SHRINK ** middle, rules);
    if (stack && stack.h <= rules.heightPx) {
      best = stack;
      high = middle - 1;
    } else {
      if (stack) smallest = stack;
      low = middle + 1;
    }
  }
  if (best) return best;
  const whole = smallest ?? stackAt(copy, rules.leadMaxPx * SHRINK ** SIZES, { ...rules, shorterPx: 0 });
  return whole ? shrunken(whole, Math.min(1, rules.heightPx / whole.h)) : EMPTY;
}

const EMPTY: Stack = { lines: [], w: 0, h: 0, leadPx: 0, leastPx: 0 };

function sizeOf(level: LetteringLevel, lead: number, shorterPx: number): number {
  const { of, most, least } = SCALE[level];
  return Math.max(
    Math.min(of * lead, most * shorterPx || Infinity),
    level === "title" ? 0 : Math.min(lead, least * shorterPx),
  );
}

/** @returns `undefined` where a word is wider than the place */
function stackAt({ blocks, isRightToLeft }: Copy, lead: number, rules: StackRules): Stack | undefined {
  const lines: Placed[] = [];
  let y = 0;
  let before: { readonly line: ShapedLine; readonly cap: number; readonly level: LetteringLevel } | undefined;
  for (const block of blocks) {
    const cap = sizeOf(block.level, lead, rules.shorterPx);
    const broken = brokenAt(block, rules.widthPx / cap);
    if (!broken) return undefined;
    const shaped = broken.map(({ text }) => shapeLine(text, block.font, block.tracking, block.han));
    const leading = leadingOf(shaped, block.isList ? LIST_LEADING : LEADING[block.level]);
    broken.forEach(({ indent, isFirst }, index) => {
      const line = shaped[index];
      if (!line) return;
      if (!before) y = -line.ink.top * cap;
      else if (index === 0) y += gapBetween(before.cap, cap) + before.line.ink.bottom * before.cap - line.ink.top * cap;
      else
        y += stepBetween(before.line, before.cap, line, cap, leading) + (block.isList && isFirst ? ITEM_GAP * cap : 0);
      lines.push({ line, level: block.level, y, cap, indent: indent * cap, block });
      before = { line, cap, level: block.level };
    });
  }
  return lines.length === 0 ? undefined : aligned(lines, rules.align, isRightToLeft);
}

/** Between blocks: so much that they are seen apart, and belong together. */
const gapBetween = (above: number, below: number): number =>
  0.62 * Math.min(above, below) + 0.22 * Math.max(above, below);

interface Placed {
  readonly line: ShapedLine;
  readonly level: LetteringLevel;
  readonly y: number;
  readonly cap: number;
  readonly indent: number;
  readonly block: CopyBlock;
}

interface Broken {
  readonly text: string;
  readonly indent: number;
  /** Of its paragraph. */
  readonly isFirst: boolean;
}

/** @param limit in heights of a capital */
function brokenAt(block: CopyBlock, limit: number): readonly Broken[] | undefined {
  const { font, tracking, han, paragraphs } = block;
  const lines: Broken[] = [];
  for (const { mark, text } of paragraphs) {
    const hang =
      mark === ""
        ? 0
        : shapeLine(`${mark} x`, font, tracking, han).advance - shapeLine("x", font, tracking, han).advance;
    if (text.widest + hang > limit) return undefined;
    breakWithin(text, limit - hang).forEach((part, index) => {
      const isFirst = index === 0;
      lines.push({ text: isFirst && mark !== "" ? `${mark} ${part}` : part, indent: isFirst ? 0 : hang, isFirst });
    });
  }
  return lines;
}

function aligned(placed: readonly Placed[], align: StackRules["align"], isRightToLeft: boolean): Stack {
  const widthOf = ({ line, cap, indent }: Placed): number => (line.ink.right - line.ink.left) * cap + indent;
  const w = Math.max(...placed.map(widthOf));
  const listWidth = new Map<CopyBlock, number>();
  for (const each of placed) listWidth.set(each.block, Math.max(listWidth.get(each.block) ?? 0, widthOf(each)));
  const lines = placed.map(({ line, level, y, cap, indent, block }): StackLine => {
    const ink = (line.ink.right - line.ink.left) * cap;
    // The items of a list begin under each other, wherever the list stands.
    const outer = block.isList ? (listWidth.get(block) ?? w) : ink;
    const room = w - outer;
    const start = align === "centre" ? room / 2 : align === "right" ? room : 0;
    const inside = !block.isList ? 0 : isRightToLeft ? outer - ink - indent : indent;
    const left = start + inside;
    return {
      line,
      level,
      capPx: cap,
      // By the ink, not the advance: side bearings would push large type off its axis.
      x: left - line.ink.left * cap,
      y,
      ink: { x: left, y: y + line.ink.top * cap, w: ink, h: (line.ink.bottom - line.ink.top) * cap },
    };
  });
  const caps = lines.map(({ capPx }) => capPx);
  const h = Math.max(...lines.map(({ ink }) => ink.y + ink.h));
  return { lines, w, h, leadPx: Math.max(...caps), leastPx: Math.min(...caps) };
}

function shrunken(stack: Stack, by: number): Stack {
  return {
    w: stack.w * by,
    h: stack.h * by,
    leadPx: stack.leadPx * by,
    leastPx: stack.leastPx * by,
    lines: stack.lines.map(({ line, level, x, y, capPx, ink }) => ({
      line,
      level,
      x: x * by,
      y: y * by,
      capPx: capPx * by,
      ink: { x: ink.x * by, y: ink.y * by, w: ink.w * by, h: ink.h * by },
    })),
  };
}
