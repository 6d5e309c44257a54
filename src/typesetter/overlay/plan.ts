import type { LetteringLayer, LetteringPlace } from "../../domain/lettering.ts";
import type { Rect } from "../composition/tree.ts";
import { type Dress, dressesFor } from "./dress.ts";
import { attentionIn, type Field } from "./field.ts";
import { type Copy, copyOf, type Stack, setWords } from "./stack.ts";
import { swatchesOf } from "./swatches.ts";

/** Where the words stand on the picture, and in what. */
export interface Plan {
  readonly place: Exclude<LetteringPlace, "auto">;
  readonly stack: Stack;
  /** Of the stack's upper left corner, in px of the picture. */
  readonly x: number;
  readonly y: number;
  readonly dress: Dress;
}

/** Of the shorter side: nothing stands nearer to an edge. */
const MARGIN = 0.05;
/** Wider than that, and words stand beside what is shown instead of above it. */
const WIDE = 1.25;

/** How much of the picture's height words may take, by how much is said. */
const HEIGHTS = { title: 0.34, more: 0.5, list: 0.8 } as const;
/** Largest capital of what leads, of the shorter side, and smaller ones that are tried. */
const LEADS = [0.19, 0.14, 0.105, 0.078, 0.058] as const;

interface Spot {
  readonly place: Plan["place"];
  readonly x: "left" | "centre" | "right";
  /** Of the room between the margins. */
  readonly width: number;
  /** Down from its place, as a share of the height: the middle may give way to a face. */
  readonly down: number;
}

export interface Candidate extends Spot {
  readonly stack: Stack;
  /** Where the stack's ink lies. */
  readonly box: Rect;
  readonly align: "left" | "centre" | "right";
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

export const marginOf = ({ widthPx, heightPx }: Pick<Field, "widthPx" | "heightPx">): number =>
  Math.min(widthPx, heightPx) * MARGIN;

function* candidatesFor(field: Field, copy: Copy, place: LetteringPlace): Generator<Candidate> {
  const { widthPx, heightPx } = field;
  const shorterPx = Math.min(widthPx, heightPx);
  const margin = marginOf(field);
  const room: Rect = { x: margin, y: margin, w: widthPx - 2 * margin, h: heightPx - 2 * margin };
  const share = copy.blocks.some(({ isList }) => isList)
    ? HEIGHTS.list
    : copy.blocks.length > 1
      ? HEIGHTS.more
      : HEIGHTS.title;
  const seen = new Set<string>();
  const known = new Map<string, Stack>();
  // The same words of the same width, wherever they come to stand.
  const stackOf = (width: number, lead: number, align: Candidate["align"]): Stack => {
    const key = `${width} ${lead} ${align}`;
    const stack =
      known.get(key) ??
      setWords(copy, {
        widthPx: room.w * width,
        heightPx: Math.min(room.h, heightPx * share),
        leadMaxPx: shorterPx * lead,
        shorterPx,
        align,
      });
    known.set(key, stack);
    return stack;
  };
  for (const spot of spotsFor(widthPx, heightPx, place))
    for (const lead of LEADS) {
      const align = spot.x === "centre" ? "centre" : copy.isRightToLeft ? "right" : "left";
      const stack = stackOf(spot.width, lead, align);
      const key = `${spot.place} ${spot.x} ${spot.down} ${stack.w.toFixed(1)} ${stack.h.toFixed(1)}`;
      if (stack.lines.length === 0 || seen.has(key)) continue;
      seen.add(key);
      const x = spot.x === "left" ? room.x : spot.x === "right" ? room.x + room.w - stack.w : (widthPx - stack.w) / 2;
      const y =
        spot.place === "top"
          ? room.y
          : spot.place === "bottom"
            ? room.y + room.h - stack.h
            : middleOf(stack, spot, room);
      yield { ...spot, align, stack, box: { x, y, w: stack.w, h: stack.h } };
    }
}

/** Never past the margins. */
const middleOf = ({ h }: Stack, { down }: Spot, room: Rect): number =>
  Math.max(room.y, Math.min(room.y + room.h - h, room.y + room.h * (0.5 + down) - h / 2));

const MIDDLES = [0, -0.08, 0.08, 0.16] as const;

function spotsFor(widthPx: number, heightPx: number, place: LetteringPlace): readonly Spot[] {
  const places = place === "auto" ? (["bottom", "top", "middle"] as const) : [place];
  const widths = widthPx > heightPx * WIDE ? [1, 0.62, 0.44, 0.32] : [1, 0.74, 0.54, 0.4];
  return places.flatMap((each) =>
    widths.flatMap((width) =>
      (["left", "centre", "right"] as const)
        .filter((x) => width < 0.9 || x !== "right")
        .flatMap((x) => (place === "middle" ? MIDDLES : [0]).map((down): Spot => ({ place: each, x, width, down }))),
    ),
  );
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

const PLACED: Readonly<Record<Plan["place"], number>> = { bottom: 0, top: 0.03, middle: 0.45 };

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
