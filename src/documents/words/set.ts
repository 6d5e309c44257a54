import { breakWithin, type MeasuredText, measureText } from "../../typesetter/lettering/breaks.ts";
import type { FontName } from "../../typesetter/lettering/families.ts";
import type { HanForm } from "../../typesetter/lettering/han.ts";
import { fitText, stepBetween } from "../../typesetter/lettering/lines.ts";
import { shapeLine } from "../../typesetter/lettering/shape.ts";

export interface Voicing {
  readonly font: FontName;
  readonly han: HanForm;
}

/** A line that stands where it is to stand: its baseline from the top of the box that the text was set into. */
interface SetLine {
  readonly text: string;
  /** Height of a capital. */
  readonly cap: number;
  readonly baseline: number;
  /** From its start to its end, in the unit of the box. */
  readonly width: number;
}

export interface SetText {
  readonly lines: readonly SetLine[];
  /** From the top of the first line to the foot of the last. */
  readonly height: number;
}

const NOTHING: SetText = { lines: [], height: 0 };

/** Above a capital for accents, and below the baseline for what hangs down, in capitals. */
const ABOVE = 0.28;
const BELOW = 0.34;

/** A heading as large as it goes: in as few lines as serve that, and never past its box. */
export function setHeading(
  text: string,
  { font, han }: Voicing,
  box: { readonly w: number; readonly h: number; readonly capMax: number },
): SetText {
  const fitted = fitText(text, { font, han, widthPx: box.w, heightPx: box.h, maxCapPx: box.capMax, leading: 1.34 });
  if (!fitted) return NOTHING;
  let baseline = 0;
  let bottom = 0;
  const lines = fitted.lines.map(({ line, capPx: cap }, index): SetLine => {
    const above = fitted.lines[index - 1];
    baseline +=
      index === 0 ? -line.ink.top * cap : stepBetween(above?.line, above?.capPx ?? 0, line, cap, fitted.leading);
    bottom = baseline + line.ink.bottom * cap;
    return { text: line.text, cap, baseline, width: line.advance * cap };
  });
  return { lines, height: bottom };
}

export interface ParagraphRules {
  readonly w: number;
  readonly h: number;
  /** Heights of a capital that are tried, from the largest on. */
  readonly caps: readonly number[];
  /** From baseline to baseline, in capitals. */
  readonly leading: number;
  /** Between paragraphs, in capitals. */
  readonly gap: number;
}

/** By a paragraph's place, from 0. */
export type VoiceOf = (index: number) => Voicing;

/** Paragraphs in the largest size that fits. Of what does not fit even in the smallest, the end is left out and "…" says so. */
export function setParagraphs(
  paragraphs: readonly string[],
  voiceOf: VoiceOf,
  rules: ParagraphRules,
): readonly SetText[] {
  let last: readonly SetText[] = [];
  for (const cap of rules.caps) {
    const set = paragraphs.map((text, index) => setAt(text, voiceOf(index), cap, rules));
    last = set.map(({ text }) => text);
    const height = heightOf(last, cap, rules.gap);
    if (height <= rules.h && set.every(({ isWhole }) => isWhole)) return last;
  }
  return cutToHeight(last, rules);
}

/**
 * Where a line of a text begins, from the left. The text stands at the side where one begins to read its document; its lines begin
 * below each other, whichever way they run.
 */
export function startOf(
  { width }: Pick<SetLine, "width">,
  { lines }: SetText,
  box: { readonly x: number; readonly w: number },
  runs: { readonly direction: "ltr" | "rtl"; readonly isTurned: boolean },
): number {
  const widest = Math.max(...lines.map((line) => line.width));
  const left = runs.isTurned ? box.x + box.w - widest : box.x;
  return runs.direction === "rtl" ? left + widest - width : left;
}

/** As much of a text as one line of that width takes; "…" where that is not all. */
export function oneLineOf(
  text: string,
  voice: Voicing,
  { w, cap }: { readonly w: number; readonly cap: number },
): string {
  const rules = { w, h: cap * (1 + ABOVE + BELOW), caps: [cap], leading: 2, gap: 0 };
  return setParagraphs([text], () => voice, rules)[0]?.lines[0]?.text ?? "";
}

export const heightOf = (set: readonly SetText[], cap: number, gap: number): number =>
  set.reduce((sum, { height }) => sum + height, 0) + Math.max(0, set.length - 1) * gap * cap;

/** `isWhole`: no word had to be cut. */
function setAt(
  text: string,
  voice: Voicing,
  cap: number,
  { w, leading }: ParagraphRules,
): { readonly text: SetText; readonly isWhole: boolean } {
  const limit = w / cap;
  const measured = measureText(text, voice);
  if (measured.pieces.length === 0) return { text: NOTHING, isWhole: true };
  const isWhole = measured.widest <= limit;
  const broken = breakWithin(isWhole ? measured : cutPieces(measured, limit, voice), limit);
  return { text: stacked(broken, voice, cap, leading), isWhole };
}

function stacked(lines: readonly string[], { font, han }: Voicing, cap: number, leading: number): SetText {
  const set = lines.map(
    (text, index): SetLine => ({
      text,
      cap,
      baseline: cap * (1 + ABOVE + index * leading),
      width: shapeLine(text, font, 0, han).advance * cap,
    }),
  );
  return { lines: set, height: cap * (1 + ABOVE + BELOW + (lines.length - 1) * leading) };
}

const graphemes = new Intl.Segmenter("und", { granularity: "grapheme" });

/** A word that no line is wide enough for goes on in the next. */
function cutPieces(measured: MeasuredText, limit: number, { font, han }: Voicing): MeasuredText {
  const pieces = measured.pieces.flatMap((piece) => {
    if (piece.width <= limit) return [piece];
    const parts: { text: string; after: typeof piece.after; width: number }[] = [];
    for (const { segment } of graphemes.segment(piece.text)) {
      const part = parts.at(-1);
      const text = `${part?.text ?? ""}${segment}`;
      const width = shapeLine(text, font, 0, han).advance;
      if (part && width <= limit) Object.assign(part, { text, width });
      else
        parts.push({
          text: segment,
          after: part ? "nothing" : piece.after,
          width: shapeLine(segment, font, 0, han).advance,
        });
    }
    return parts;
  });
  return { ...measured, pieces, widest: limit };
}

const MORE = "…";
/** In capitals: what sums of fractions leave. A line that fits to the last point fits. */
const ROUNDING = 1e-6;

function cutToHeight(set: readonly SetText[], { h, gap, w }: ParagraphRules): readonly SetText[] {
  const kept: SetText[] = [];
  let top = 0;
  for (const text of set) {
    const cap = text.lines[0]?.cap ?? 0;
    const room = h - top;
    const lines = text.lines.filter(({ baseline }) => baseline + (BELOW - ROUNDING) * cap <= room);
    const last = lines.at(-1);
    if (last === undefined) return marked(kept, w);
    const isAll = lines.length === text.lines.length;
    kept.push({ lines, height: isAll ? text.height : last.baseline + BELOW * cap });
    if (!isAll) return marked(kept, w);
    top += text.height + gap * cap;
  }
  return kept;
}

/** The last line that stands says that more came. */
function marked(set: readonly SetText[], w: number): readonly SetText[] {
  const text = set.at(-1);
  const line = text?.lines.at(-1);
  if (!text || !line) return set;
  const letters = [...graphemes.segment(line.text)];
  // By its share of the width: the mark is about as wide as two letters.
  const most = Math.max(1, Math.floor(letters.length * Math.min(1, w / (line.width + 2 * line.cap))) - 1);
  const shown = letters
    .slice(0, most)
    .map(({ segment }) => segment)
    .join("");
  const cut: SetLine = { ...line, text: `${shown.trimEnd()}${MORE}` };
  return [...set.slice(0, -1), { ...text, lines: [...text.lines.slice(0, -1), cut] }];
}
