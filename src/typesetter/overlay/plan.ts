import type { LetteringLayer } from "../../domain/lettering.ts";
import type { Rect } from "../composition/tree.ts";
import { type Candidate, candidatesFor, type Place } from "./candidates.ts";
import { type Dress, dressesFor } from "./dress.ts";
import { attentionIn, type Field } from "./field.ts";
import { copyOf, type Stack } from "./stack.ts";
import { swatchesOf } from "./swatches.ts";

/** Where the words stand on the picture, and in what. */
export interface Plan {
  readonly place: Place;
  readonly stack: Stack;
  /** Of the stack's upper left corner, in px of the picture. */
  readonly x: number;
  readonly y: number;
  readonly dress: Dress;
}

/**
 * Decides by what was measured. Every place and size that a poster would have is tried, each in the dresses that can be read
 * there; what hides least of what people look at and says it largest wins.
 *
 * @returns `undefined` where there is nothing to letter
 */
export function planLettering(field: Field, layer: LetteringLayer): Plan | undefined {
  const copy = copyOf(layer.words, layer.font ?? "condensed");
  const swatches = swatchesOf(field);
  let best: Plan | undefined;
  let bestScore = -Infinity;
  for (const candidate of candidatesFor(field, copy, layer.place))
    for (const dress of dressesFor(field, candidate, swatches, layer.colours)) {
      const score = scoreOf(field, candidate, dress);
      if (score <= bestScore) continue;
      bestScore = score;
      best = { place: candidate.place, stack: candidate.stack, x: candidate.box.x, y: candidate.box.y, dress };
    }
  return best;
}

/** What counts for one way to set the words against another. */
const WORTH = {
  /** Of a doubling of the title. */
  size: 0.8,
  /** Beyond this share of the shorter side a title gains nothing more. */
  enough: 0.14,
  /** Of small letters that are smaller than comfortable. */
  small: 0.9,
  comfortable: 0.026,
  /** Of all that draws the eye, hidden. */
  hidden: 3.4,
  /** Of a face, hidden. */
  face: 24,
  faceAtAll: 3.5,
  /** Of a title whose lines are of very different length. */
  ragged: 1.1,
  /** For letters that stand in the open, by how busy it is there. */
  busy: 0.5,
} as const;

const PLACED: Readonly<Record<Place, number>> = { bottom: 0, top: 0.03, middle: 0.45 };

/** Who says "middle" means the middle; at the edges words stand where they are read from, unless the picture says otherwise. */
function offAxis({ place, x, down, align }: Candidate): number {
  if (place === "middle") return Math.abs(down) + (x === "centre" ? 0 : 0.15);
  return x === "centre" ? 0.05 : x === align ? 0 : 0.08;
}

function scoreOf(field: Field, candidate: Candidate, dress: Dress): number {
  const shorterPx = Math.min(field.widthPx, field.heightPx);
  const { stack } = candidate;
  const size = Math.log2(Math.min(stack.leadPx / shorterPx, WORTH.enough) / 0.03);
  const small = Math.max(0, Math.log2(WORTH.comfortable / (stack.leastPx / shorterPx)));
  const covered = dress.covers;
  let score = WORTH.size * size - WORTH.small * small - dress.cost - PLACED[candidate.place] - offAxis(candidate);
  score -= WORTH.ragged * raggedOf(stack);
  score -= WORTH.hidden * covered.reduce((sum, box) => sum + attentionIn(field, box), 0);
  score -= WORTH.busy * dress.busy;
  for (const face of field.faces) {
    const share = covered.reduce((sum, box) => sum + sharedArea(face, box), 0) / (face.w * face.h);
    if (share > 0.005) score -= WORTH.faceAtAll + WORTH.face * Math.min(1, share);
  }
  return score;
}

/** How much shorter a title's lines are than its longest: 0 where all are as long. */
function raggedOf({ lines }: Stack): number {
  const widths = lines.flatMap(({ level, ink }) => (level === "title" ? [ink.w] : []));
  const longest = Math.max(...widths, 1);
  return widths.reduce((sum, w) => sum + 1 - w / longest, 0) / Math.max(1, widths.length);
}

export function sharedArea(one: Rect, other: Rect): number {
  const w = Math.min(one.x + one.w, other.x + other.w) - Math.max(one.x, other.x);
  const h = Math.min(one.y + one.h, other.y + other.h) - Math.max(one.y, other.y);
  return w > 0 && h > 0 ? w * h : 0;
}
