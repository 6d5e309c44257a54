import type { LetteringPlace } from "../../domain/lettering.ts";
import type { Rect } from "../composition/tree.ts";
import type { Field } from "./field.ts";
import { type Copy, type Stack, setWords } from "./stack.ts";

/** Where words stand on a picture: at its top, in its middle, at its bottom. */
export type Place = Exclude<LetteringPlace, "auto">;

/** Of the shorter side: nothing stands nearer to an edge. */
const MARGIN = 0.05;
/** Wider than that, and words stand beside what is shown instead of above it. */
const WIDE = 1.25;

/** How much of the picture's height words may take, by how much is said. */
const HEIGHTS = { title: 0.34, more: 0.5, list: 0.8 } as const;
/** Largest capital of what leads, of the shorter side, and smaller ones that are tried. */
const LEADS = [0.19, 0.14, 0.105, 0.078, 0.058] as const;

interface Spot {
  readonly place: Place;
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

export const marginOf = ({ widthPx, heightPx }: Pick<Field, "widthPx" | "heightPx">): number =>
  Math.min(widthPx, heightPx) * MARGIN;

/** Every place and size that a poster would have. */
export function* candidatesFor(field: Field, copy: Copy, place: LetteringPlace): Generator<Candidate> {
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
  for (const spot of spotsFor(field, place, copy.isRightToLeft ? "right" : "left"))
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

/** @param start the side where words are read from */
function spotsFor({ widthPx, heightPx }: Field, place: LetteringPlace, start: "left" | "right"): readonly Spot[] {
  const places = place === "auto" ? (["bottom", "top", "middle"] as const) : [place];
  const widths = widthPx > heightPx * WIDE ? [1, 0.62, 0.44, 0.32] : [1, 0.74, 0.54, 0.4];
  return places.flatMap((each) =>
    widths.flatMap((width) =>
      (["left", "centre", "right"] as const)
        .filter((x) => width < 0.9 || x === "centre" || x === start)
        .flatMap((x) => (place === "middle" ? MIDDLES : [0]).map((down): Spot => ({ place: each, x, width, down }))),
    ),
  );
}
