import type { Block, Numbered, Scene, StackStyle } from "../composition/scene.ts";
import { corners, type Lettering, type Point, type Rect, rotate } from "../composition/tree.ts";
import type { FontName } from "./families.ts";
import { fontForLetters } from "./letters.ts";
import { blockHeight, type FitRules, type FittedBlock, fitText, stepBetween } from "./lines.ts";

interface Setting {
  readonly phrase: Numbered;
  readonly fitted: FittedBlock;
  readonly lead: boolean;
}

const SIZE_WEIGHT = { large: 1.6, normal: 1, small: 0.55 } as const;

/**
 * Sets phrases one under the other inside `rect`, as large as they go, the first one leading. Whatever the words, the
 * result lies inside the rect.
 *
 * @returns the rect that is used, before it is turned
 */
export function setStack(scene: Scene, rect: Rect, phrases: readonly Numbered[], asked: StackStyle): Rect {
  if (scene.wing) scene.wing.style ??= asked;
  const side = phrases[0]?.side;
  const align = side ?? (scene.centred && asked.maxCap !== 1 ? "centre" : asked.align);
  const style: StackStyle = { ...asked, align };
  const inner = style.angle ? turnedInside(rect, style.angle) : rect;
  const settings = fitPhrases(inner, phrases, plainEnough(scene, style, phrases[0]), scene.u);
  if (settings.length === 0) return { ...inner, h: 0 };
  const { heights, gaps, total } = measure(settings, style);
  const shrink = Math.min(1, inner.h / total);
  let top = inner.y + (style.valign === "top" ? 0 : (inner.h - total * shrink) * (style.valign === "middle" ? 0.5 : 1));
  const start = top;
  let widest = 0;
  settings.forEach((setting, index) => {
    const block = placeBlock(scene, inner, top, setting, shrink, style);
    scene.blocks.push(block);
    widest = Math.max(widest, block.rect.w);
    top += ((heights[index] ?? 0) + (gaps[index] ?? 0)) * shrink;
  });
  const x =
    style.align === "left"
      ? inner.x
      : style.align === "right"
        ? inner.x + inner.w - widest
        : inner.x + (inner.w - widest) / 2;
  return { x, y: start, w: widest, h: total * shrink };
}

/** By all the poster's letters: a stack of a title and one of small print share what may be drawn. */
function plainEnough({ phrases, voice }: Scene, style: StackStyle, first: Numbered | undefined): StackStyle {
  // A brand's voice is its title's: what else there is stays as the layout has it.
  const own = voice !== undefined && first?.level === "title" ? voice : undefined;
  const subFont = style.subFont ?? (own && style.font);
  return {
    ...style,
    font: fontForLetters(own ?? style.font, phrases),
    ...(subFont === undefined ? {} : { subFont: fontForLetters(subFont, phrases) }),
  };
}

/** The largest rect of the same middle that stays inside `rect` when turned. */
function turnedInside(rect: Rect, angle: number): Rect {
  const radians = (Math.abs(angle) * Math.PI) / 180;
  const sin = Math.sin(radians);
  const cos = Math.cos(radians);
  // Give up a third of the height to the slant at most; the width follows.
  const h = Math.max(rect.h * 0.4, rect.h - rect.w * sin * 0.92) * 0.98;
  const w = Math.min((rect.w - h * sin) / cos, (rect.h - h * cos) / sin) * 0.98;
  return { x: rect.x + (rect.w - w) / 2, y: rect.y + (rect.h - h) / 2, w, h };
}

/** In hundredths of the sheet's shorter side: however small a long word makes its title, what follows is read from a phone. */
const LEAST_CAP = { large: 2.4, normal: 2, small: 1.3 } as const;

function fitPhrases(
  rect: Rect,
  phrases: readonly Numbered[],
  style: StackStyle,
  hundredthPx: number,
): readonly Setting[] {
  const weights = phrases.map(
    (phrase, index) => (index === 0 ? (style.lead ?? 3.2) : 1) * SIZE_WEIGHT[phrase.size] * lengthWeight(phrase),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const usable = rect.h * (phrases.length > 1 ? 0.9 : 1);
  const settings: Setting[] = [];
  let leadCap = Infinity;
  phrases.forEach((phrase, index) => {
    const lead = index === 0;
    const follow = phrase.size === "large" ? 0.7 : phrase.size === "small" ? 0.24 : (style.follow ?? 0.36);
    const ceiling =
      lead || style.even
        ? rect.h * (style.maxCap ?? 0.6)
        : Math.max(leadCap * follow, Math.min(leadCap * 0.8, LEAST_CAP[phrase.size] * hundredthPx));
    const rules: FitRules = {
      font: fontFor(phrase, lead, style),
      widthPx: rect.w,
      heightPx: usable * ((weights[index] ?? 1) / sum),
      maxCapPx: ceiling,
      leading: lead ? (style.leading ?? 1.16) : Math.max(1.45, style.leading ?? 0),
      tracking: lead ? (style.tracking ?? 0) : Math.max(0.04, style.tracking ?? 0),
      justify: lead && !phrase.isList && (style.justify ?? false),
      han: phrase.han,
      isList: phrase.isList,
    };
    const fitted = fitReadable(phrase.text, rules);
    if (!fitted) return;
    if (settings.length === 0) leadCap = Math.max(...fitted.lines.map((line) => line.capPx));
    settings.push({ phrase, fitted, lead });
  });
  return settings;
}

/** Lines that must stay lines need their height, however short they are. */
const lengthWeight = ({ text }: Numbered): number =>
  1 + Math.min(1.5, text.length / 90) + 0.35 * Math.min(8, text.split("\n").length - 1);

/** Lines of a pixel are no lines in print: what comes out small is set in the face for text. */
const FINE: ReadonlySet<FontName> = new Set(["line"]);
const FINE_MIN_CAP_PX = 34;

function fitReadable(text: string, rules: FitRules): FittedBlock | undefined {
  const fitted = fitText(text, rules);
  if (!fitted || !FINE.has(rules.font) || fitted.lines.every(({ capPx }) => capPx >= FINE_MIN_CAP_PX)) return fitted;
  return fitText(text, { ...rules, font: "text" });
}

const fontFor = (phrase: Numbered, lead: boolean, style: StackStyle): FontName =>
  phrase.narrow ? (lead ? "condensed" : "narrow") : lead ? style.font : (style.subFont ?? style.font);

/** Of a title's capitals: so far at least is what follows it. */
const NEAR_TITLE = 0.5;

function measure(
  settings: readonly Setting[],
  style: StackStyle,
): { heights: number[]; gaps: number[]; total: number } {
  const heights = settings.map(({ fitted }) =>
    blockHeight(
      fitted.lines.map((line) => line.line),
      fitted.lines.map((line) => line.capPx),
      fitted.leading,
    ),
  );
  const gaps = settings.map((setting, index) => {
    const next = settings[index + 1];
    if (!next) return 0;
    const caps = [capOf(setting), capOf(next)];
    return (style.gap ?? 0.75) * Math.max(Math.min(...caps), NEAR_TITLE * Math.max(...caps));
  });
  return { heights, gaps, total: [...heights, ...gaps].reduce((sum, part) => sum + part, 0) };
}

const capOf = (setting: Setting): number => Math.min(...setting.fitted.lines.map((line) => line.capPx));

/** The first letter decides, as in the bidirectional algorithm. */
const RIGHT_TO_LEFT = /^[^\p{L}]*[\p{Script=Arabic}\p{Script=Hebrew}]/u;

function placeBlock(scene: Scene, rect: Rect, top: number, setting: Setting, shrink: number, style: StackStyle): Block {
  const { phrase, fitted } = setting;
  const isRightToLeft = RIGHT_TO_LEFT.test(phrase.text);
  const align = phrase.side ?? (style.align !== "centre" && isRightToLeft ? "right" : style.align);
  const angle = style.angle ?? 0;
  const pivot: Point = [rect.x + rect.w / 2, rect.y + rect.h / 2];
  const widthOf = ({ line, capPx, indent }: FittedBlock["lines"][number]): number =>
    (line.ink.right - line.ink.left + indent) * capPx * shrink;
  const widest = Math.max(...fitted.lines.map(widthOf));
  const lines: Omit<Lettering, "fill">[] = [];
  let y = top;
  let [left, right, bottom] = [Infinity, -Infinity, top];
  fitted.lines.forEach((each, index) => {
    const { line, capPx, indent } = each;
    const cap = capPx * shrink;
    const above = fitted.lines[index - 1];
    y +=
      index === 0
        ? -line.ink.top * cap
        : stepBetween(above?.line, (above?.capPx ?? 0) * shrink, line, cap, fitted.leading);
    const own = widthOf(each);
    // The items of a list begin under each other, wherever the list stands.
    const outer = phrase.isList ? widest : own;
    const outerX =
      align === "left" ? rect.x : align === "right" ? rect.x + rect.w - outer : rect.x + (rect.w - outer) / 2;
    const width = own - indent * cap;
    // By the ink, not the advance: side bearings would push large type off its axis.
    const inkX = outerX + (phrase.isList && isRightToLeft ? outer - own : indent * cap);
    const ink: Rect = { x: inkX, y: y + line.ink.top * cap, w: width, h: (line.ink.bottom - line.ink.top) * cap };
    const box = corners(ink).map((point) => rotate(point, angle, pivot));
    lines.push({ line, phrase: setting.phrase.index, x: inkX - line.ink.left * cap, y, capPx: cap, angle, pivot, box });
    left = Math.min(left, ink.x);
    right = Math.max(right, ink.x + ink.w);
    bottom = Math.max(bottom, ink.y + ink.h);
  });
  return {
    lines,
    inks: setting.lead ? style.inks : (style.subInks ?? style.inks),
    plate: style.plate ?? scene.inks.paper,
    rect: { x: left, y: top, w: right - left, h: bottom - top },
    angle,
    pivot,
  };
}
