import type { SetLettering } from "../../domain/lettering.ts";
import type { Size } from "../../domain/size.ts";
import type { Colour } from "../../lib/colour.ts";
import type { Rect } from "../composition/tree.ts";
import { shapeLine } from "../lettering/shape.ts";
import { setOf } from "./set.ts";

/** A few words in a corner, on a plate of their own: what a picture is, not what it says. */
export interface CornerLabel {
  readonly text: string;
  /** What it must not cover, in px of the picture: a code that is not read any more is worth nothing. */
  readonly avoid: readonly Rect[];
}

/** Of the shorter side: height of a capital, and how far from the edges. */
const CAP = 0.017;
const MARGIN = 0.02;
const LEAST_CAP_PX = 9;
/** Of the height of a capital: around the letters. */
const PADDING = { x: 0.9, y: 0.75 };
const INK: Colour = "#ffffff";
const PLATE: Colour = "#161616";

/** Where it covers nothing of what is set there already, else at the lower right. */
export function labelSet({ text, avoid }: CornerLabel, { widthPx, heightPx }: Size): SetLettering {
  const line = shapeLine(text, "text");
  const shorter = Math.min(widthPx, heightPx);
  const margin = Math.round(shorter * MARGIN);
  const { left, right } = line.ink;
  // Letters with marks above or below have the room that they need.
  const [top, bottom] = [Math.min(-1, line.ink.top), Math.max(0, line.ink.bottom)];
  const widest = (widthPx - 2 * margin) / (right - left + 2 * PADDING.x);
  const capPx = Math.min(widest, Math.max(LEAST_CAP_PX, shorter * CAP));
  const w = Math.round((right - left + 2 * PADDING.x) * capPx);
  const h = Math.round((bottom - top + 2 * PADDING.y) * capPx);
  const corners = [
    { x: widthPx - margin - w, y: heightPx - margin - h },
    { x: margin, y: heightPx - margin - h },
    { x: widthPx - margin - w, y: margin },
    { x: margin, y: margin },
  ] as const;
  const { x, y } = corners.find((at) => !avoid.some((box) => overlap({ ...at, w, h }, box))) ?? corners[0];
  const start = { x: (PADDING.x - left) * capPx, y: (PADDING.y - top) * capPx };
  const ink = { x: PADDING.x * capPx, y: PADDING.y * capPx, w: (right - left) * capPx, h: (bottom - top) * capPx };
  return setOf(
    {
      ...{ x, y, place: y > heightPx / 2 ? "bottom" : "top" },
      dress: { ink: INK, plates: [{ box: { x, y, w, h }, fill: PLATE }] },
      stack: { lines: [{ line, level: "small", ...start, capPx, ink }] },
    },
    { widthPx, heightPx },
  );
}

const overlap = (one: Rect, other: Rect): boolean =>
  one.x < other.x + other.w && other.x < one.x + one.w && one.y < other.y + other.h && other.y < one.y + one.h;
