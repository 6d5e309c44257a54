import { readFileSync } from "node:fs";
import type { Rect } from "../composition/tree.ts";

/**
 * Faces that look out of the picture, found by a cascade of local binary patterns: each stage compares the sums of nine
 * blocks and throws away most of what is no face. The table is OpenCV's `lbpcascade_frontalface`: see LICENSES.md.
 */
interface Cascade {
  /** x, y, and the sides of one of the nine blocks, in a window of 24 pixels. */
  readonly blocks: readonly (readonly [number, number, number, number])[];
  readonly stages: readonly {
    readonly least: number;
    /** Which blocks; what it counts when the pattern is in the set, and when not; the set, a bit for each of 256 patterns. */
    readonly weak: readonly (readonly number[])[];
  }[];
}

const WINDOW_PX = 24;
const SCALE_STEP = 1.12;
/** Of the longer side of what is looked at: faces are found from 24 of these on. */
export const FACES_SIDE_PX = 240;
/** A face is found many times, a pattern that looks like one once or twice. */
const SEEN_MIN = 3;

let cascade: Cascade | undefined;
function table(): Cascade {
  cascade ??= JSON.parse(readFileSync(new URL("./frontal-faces.json", import.meta.url), "utf8")) as Cascade;
  return cascade;
}

/** @param grey widthPx × heightPx bytes @returns in px of it, each with the whole head */
export function frontalFaces(grey: Uint8Array, widthPx: number, heightPx: number): readonly Rect[] {
  const found: Rect[] = [];
  for (let scale = 1; Math.min(widthPx, heightPx) / scale >= WINDOW_PX; scale *= SCALE_STEP) {
    const w = Math.floor(widthPx / scale);
    const h = Math.floor(heightPx / scale);
    const sums = integralOf(grey, widthPx, heightPx, w, h);
    const laid = laidFor(w + 1);
    const step = scale < 2 ? 2 : 1;
    for (let y = 0; y + WINDOW_PX <= h; y += step)
      for (let x = 0; x + WINDOW_PX <= w; x += step)
        if (isFace(sums, y * (w + 1) + x, laid))
          found.push({ x: x * scale, y: y * scale, w: WINDOW_PX * scale, h: WINDOW_PX * scale });
  }
  return grouped(found).map(headOf);
}

/** The window holds eyes and mouth: hair and chin lie outside of it. */
const headOf = ({ x, y, w, h }: Rect): Rect => ({ x: x - w * 0.12, y: y - h * 0.28, w: w * 1.24, h: h * 1.5 });

/** Sums of everything above and to the left, of the picture made smaller by its nearest pixels. */
function integralOf(grey: Uint8Array, fromW: number, fromH: number, w: number, h: number): Int32Array {
  const sums = new Int32Array((w + 1) * (h + 1));
  for (let y = 0; y < h; y++) {
    const row = Math.min(fromH - 1, Math.floor(((y + 0.5) * fromH) / h)) * fromW;
    let sum = 0;
    for (let x = 0; x < w; x++) {
      sum += grey[row + Math.min(fromW - 1, Math.floor(((x + 0.5) * fromW) / w))] ?? 0;
      sums[(y + 1) * (w + 1) + x + 1] = (sums[y * (w + 1) + x + 1] ?? 0) + sum;
    }
  }
  return sums;
}

/** The cascade as numbers in a row for one width of a picture: what a window asks is then arithmetic. */
interface Laid {
  /** Of each weak one: where its blocks begin, the step right, the step down, and eight words of its set. */
  readonly nodes: Int32Array;
  readonly votes: Float64Array;
  readonly stages: readonly { readonly least: number; readonly from: number; readonly to: number }[];
}

const NODE_INTS = 11;

function laidFor(stride: number): Laid {
  const { blocks, stages } = table();
  const weak = stages.flatMap((stage) => stage.weak);
  const nodes = new Int32Array(weak.length * NODE_INTS);
  const votes = new Float64Array(weak.length * 2);
  weak.forEach(([block = 0, isIn = 0, isOut = 0, ...set], index) => {
    const [x = 0, y = 0, w = 1, h = 1] = blocks[block] ?? [];
    nodes.set([y * stride + x, w, h * stride, ...set], index * NODE_INTS);
    votes.set([isIn, isOut], index * 2);
  });
  let to = 0;
  const ends = stages.map(({ least, weak: own }) => {
    const from = to;
    to += own.length;
    return { least, from, to };
  });
  return { nodes, votes, stages: ends };
}

function isFace(sums: Int32Array, at: number, { nodes, votes, stages }: Laid): boolean {
  for (const { least, from, to } of stages) {
    let sum = 0;
    for (let node = from; node < to; node++) {
      const base = node * NODE_INTS;
      const pattern = patternAt(sums, at + (nodes[base] ?? 0), nodes[base + 1] ?? 0, nodes[base + 2] ?? 0);
      const isIn = ((nodes[base + 3 + (pattern >> 5)] ?? 0) & (1 << (pattern & 31))) !== 0;
      sum += votes[node * 2 + (isIn ? 0 : 1)] ?? 0;
    }
    if (sum < least) return false;
  }
  return true;
}

/** Which of the eight blocks around the middle one are as light as it. Sixteen sums make nine blocks. */
function patternAt(sums: Int32Array, at: number, w: number, down: number): number {
  const second = at + down;
  const third = second + down;
  const fourth = third + down;
  const a0 = sums[at] ?? 0;
  const a1 = sums[at + w] ?? 0;
  const a2 = sums[at + 2 * w] ?? 0;
  const a3 = sums[at + 3 * w] ?? 0;
  const b0 = sums[second] ?? 0;
  const b1 = sums[second + w] ?? 0;
  const b2 = sums[second + 2 * w] ?? 0;
  const b3 = sums[second + 3 * w] ?? 0;
  const c0 = sums[third] ?? 0;
  const c1 = sums[third + w] ?? 0;
  const c2 = sums[third + 2 * w] ?? 0;
  const c3 = sums[third + 3 * w] ?? 0;
  const d0 = sums[fourth] ?? 0;
  const d1 = sums[fourth + w] ?? 0;
  const d2 = sums[fourth + 2 * w] ?? 0;
  const d3 = sums[fourth + 3 * w] ?? 0;
  const middle = b1 - b2 - c1 + c2;
  return (
    (a0 - a1 - b0 + b1 >= middle ? 128 : 0) |
    (a1 - a2 - b1 + b2 >= middle ? 64 : 0) |
    (a2 - a3 - b2 + b3 >= middle ? 32 : 0) |
    (b2 - b3 - c2 + c3 >= middle ? 16 : 0) |
    (c2 - c3 - d2 + d3 >= middle ? 8 : 0) |
    (c1 - c2 - d1 + d2 >= middle ? 4 : 0) |
    (c0 - c1 - d0 + d1 >= middle ? 2 : 0) |
    (b0 - b1 - c0 + c1 >= middle ? 1 : 0)
  );
}

function grouped(found: readonly Rect[]): readonly Rect[] {
  const groups: Rect[][] = [];
  for (const rect of found) {
    const group = groups.find(([first]) => first !== undefined && isSame(first, rect));
    if (group) group.push(rect);
    else groups.push([rect]);
  }
  const mean = (group: readonly Rect[], side: keyof Rect): number =>
    group.reduce((sum, rect) => sum + rect[side], 0) / group.length;
  return groups
    .filter((group) => group.length >= SEEN_MIN)
    .map((group) => ({ x: mean(group, "x"), y: mean(group, "y"), w: mean(group, "w"), h: mean(group, "h") }));
}

function isSame(one: Rect, other: Rect): boolean {
  const near = 0.3 * Math.min(one.w, other.w);
  const apart = (a: number, b: number): boolean => Math.abs(a - b) > near;
  return !(
    apart(one.x, other.x) ||
    apart(one.y, other.y) ||
    apart(one.x + one.w, other.x + other.w) ||
    apart(one.y + one.h, other.y + other.h)
  );
}
