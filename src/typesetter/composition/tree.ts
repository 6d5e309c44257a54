import { type Colour, channelsOf, colourOf, mixColours } from "../../lib/colour.ts";
import type { ShapedLine } from "../lettering/shape.ts";

/** Pixels, y downwards. */
export type Point = readonly [number, number];

/** Something drawn under the lettering. */
export interface Mark {
  /** SVG path data. */
  readonly d: string;
  /** An SVG transform of `d` and the stroke; `outline` is already in page pixels. */
  readonly transform?: string;
  readonly fill?: Colour;
  readonly stroke?: { readonly colour: Colour; readonly widthPx: number; readonly dash?: string };
  /** 0 to 1, default 1. */
  readonly opacity?: number;
  /** Printed over what is below, as ink on ink. */
  readonly multiply?: boolean;
  /** Parts of `d` that overlap cut each other out. */
  readonly evenOdd?: true;
  /** An icon, by its name. */
  readonly icon?: string;
  /** All of the mark lies inside; where `solid`, it covers all of it. */
  readonly outline: readonly Point[];
  readonly solid: boolean;
}

/** A member's photo, turned into two colours. */
export interface Photo {
  readonly rect: Rect;
  readonly dark: Colour;
  readonly light: Colour;
  /** 0 keeps the photo's tones, 1 leaves almost nothing of it. */
  readonly fade: number;
  readonly after: number;
  /** The shape it is cut out in; default the whole rect. */
  readonly clip?: readonly Point[];
}

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface Lettering {
  readonly line: ShapedLine;
  /** Index into the brief's phrases. */
  readonly phrase: number;
  /** Start of the baseline. */
  readonly x: number;
  readonly y: number;
  /** Height of a capital. */
  readonly capPx: number;
  /** Degrees clockwise around `pivot`. */
  readonly angle: number;
  readonly pivot: Point;
  readonly fill: Colour;
  /** The four corners of the ink, turned. */
  readonly box: readonly Point[];
}

/** The layout tree of one poster: everything that will be drawn, checkable without drawing it. */
export interface Page {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly paper: Colour;
  readonly marks: readonly Mark[];
  readonly photo?: Photo;
  readonly lettering: readonly Lettering[];
}

export function rotate(point: Point, angle: number, pivot: Point): Point {
  if (angle === 0) return point;
  const radians = (angle * Math.PI) / 180;
  const cos = Math.cos(radians);
  const sin = Math.sin(radians);
  const dx = point[0] - pivot[0];
  const dy = point[1] - pivot[1];
  return [pivot[0] + dx * cos - dy * sin, pivot[1] + dx * sin + dy * cos];
}

export const corners = (rect: Rect): readonly Point[] => [
  [rect.x, rect.y],
  [rect.x + rect.w, rect.y],
  [rect.x + rect.w, rect.y + rect.h],
  [rect.x, rect.y + rect.h],
];

function insideOf(point: Point, polygon: readonly Point[]): boolean {
  let inside = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [xi, yi] = polygon[i] ?? [0, 0];
    const [xj, yj] = polygon[j] ?? [0, 0];
    if (yi > point[1] !== yj > point[1] && point[0] < ((xj - xi) * (point[1] - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

const side = (a: Point, b: Point, c: Point): number => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

function edgesCross(one: readonly Point[], other: readonly Point[]): boolean {
  for (let i = 0; i < one.length; i++) {
    const a = one[i] ?? [0, 0];
    const b = one[(i + 1) % one.length] ?? [0, 0];
    for (let j = 0; j < other.length; j++) {
      const c = other[j] ?? [0, 0];
      const d = other[(j + 1) % other.length] ?? [0, 0];
      if (side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0) return true;
    }
  }
  return false;
}

/** Whether two simple polygons share area. */
export function overlap(one: readonly Point[], other: readonly Point[]): boolean {
  if (!boxesMeet(one, other)) return false;
  return (
    edgesCross(one, other) ||
    insideOf(centreOf(one), other) ||
    insideOf(centreOf(other), one) ||
    anyInside(one, other) ||
    anyInside(other, one)
  );
}

const anyInside = (points: readonly Point[], polygon: readonly Point[]): boolean =>
  points.some((point) => insideOf(point, polygon));

const covers = (outer: readonly Point[], inner: readonly Point[]): boolean =>
  inner.every((point) => insideOf(point, outer)) && !edgesCross(outer, inner);

const centreOf = (points: readonly Point[]): Point => {
  const sum = points.reduce<[number, number]>((acc, point) => [acc[0] + point[0], acc[1] + point[1]], [0, 0]);
  return [sum[0] / points.length, sum[1] / points.length];
};

function boxesMeet(one: readonly Point[], other: readonly Point[]): boolean {
  const a = bounds(one);
  const b = bounds(other);
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

export function bounds(points: readonly Point[]): Rect {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < top) top = y;
    if (y > bottom) bottom = y;
  }
  return { x: left, y: top, w: right - left, h: bottom - top };
}

/** One ink printed over another. */
export const multiplied = (below: Colour, ink: Colour): Colour => {
  const a = channelsOf(below);
  const b = channelsOf(ink);
  return colourOf((a[0] * b[0]) / 255, (a[1] * b[1]) / 255, (a[2] * b[2]) / 255);
};

/** Every colour that may show under `box`: what the contrast of the lettering is measured against. */
export function coloursUnder(page: Pick<Page, "paper" | "marks" | "photo">, box: readonly Point[]): readonly Colour[] {
  let colours = new Set<Colour>([page.paper]);
  const lay = (mark: Mark): void => {
    if (!overlap(mark.outline, box)) return;
    const inks = [mark.fill, mark.stroke?.colour].filter((ink) => ink !== undefined);
    const shown = new Set<Colour>();
    for (const ink of inks) {
      for (const below of colours)
        shown.add(mixColours(below, mark.multiply ? multiplied(below, ink) : ink, mark.opacity ?? 1));
    }
    const hides = mark.solid && mark.fill !== undefined && mark.stroke === undefined && covers(mark.outline, box);
    colours = hides ? shown : new Set([...colours, ...shown]);
  };
  page.marks.forEach((mark, index) => {
    if (page.photo?.after === index && overlap(corners(page.photo.rect), box))
      colours = new Set([...colours, page.photo.dark, page.photo.light]);
    lay(mark);
  });
  if (page.photo && page.photo.after >= page.marks.length && overlap(corners(page.photo.rect), box)) {
    colours = new Set([...colours, page.photo.dark, page.photo.light]);
  }
  return [...colours];
}
