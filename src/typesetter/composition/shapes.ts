import { type Colour, luminanceOf } from "../../lib/colour.ts";
import type { Chance } from "./chance.ts";
import { num, polygonPath, type Scene } from "./scene.ts";
import { corners, type Mark, type Photo, type Point, type Rect, rotate } from "./tree.ts";

export { num } from "./scene.ts";

export type Look = Pick<Mark, "opacity" | "multiply">;

/** Darker paper takes no transparent ink: what is printed over it is opaque. */
const OVERPRINT_LUMINANCE = 0.2;

/** Ink printed over what is below. */
export const overprint = ({ inks }: Scene): Look =>
  luminanceOf(inks.paper) > OVERPRINT_LUMINANCE ? { multiply: true } : {};

export function polygon(scene: Scene, points: readonly Point[], fill: Colour, look: Look = {}): void {
  scene.marks.push({ d: polygonPath(points), fill, outline: points, solid: true, ...look });
}

export const rect = (scene: Scene, area: Rect, fill: Colour, look: Look = {}): void =>
  polygon(scene, corners(area), fill, look);

/** A bar turned around its middle. */
export function bar(
  scene: Scene,
  cx: number,
  cy: number,
  length: number,
  width: number,
  angle: number,
  fill: Colour,
  look: Look = {},
): void {
  const area = { x: cx - length / 2, y: cy - width / 2, w: length, h: width };
  polygon(
    scene,
    corners(area).map((point) => rotate(point, angle, [cx, cy])),
    fill,
    look,
  );
}

export function disc(scene: Scene, cx: number, cy: number, r: number, fill: Colour, look: Look = {}): void {
  // Drawn as a true circle; the polygon inside it is what counts as covered.
  scene.marks.push({ d: circlePath(cx, cy, r), fill, outline: circlePoints(cx, cy, r), solid: true, ...look });
}

/** `fill` none: a line around a circle. */
export function ring(
  scene: Scene,
  cx: number,
  cy: number,
  r: number,
  widthPx: number,
  colour: Colour,
  look: Look = {},
): void {
  scene.marks.push({
    d: circlePath(cx, cy, r),
    stroke: { colour, widthPx },
    outline: circlePoints(cx, cy, r + widthPx / 2),
    solid: false,
    ...look,
  });
}

export const circlePath = (cx: number, cy: number, r: number): string =>
  `M${num(cx - r)} ${num(cy)}a${num(r)} ${num(r)} 0 1 0 ${num(2 * r)} 0a${num(r)} ${num(r)} 0 1 0 ${num(-2 * r)} 0Z`;

export const circlePoints = (cx: number, cy: number, r: number): readonly Point[] =>
  Array.from({ length: 64 }, (_, i): Point => onCircle(cx, cy, r, (i * 360) / 64));

/** Degrees clockwise from the right. */
export const onCircle = (cx: number, cy: number, r: number, degrees: number): Point => [
  cx + r * Math.cos((degrees * Math.PI) / 180),
  cy + r * Math.sin((degrees * Math.PI) / 180),
];

/** Wedges from one point, every second one of `2 × count` equal angles. */
export function rays(
  scene: Scene,
  cx: number,
  cy: number,
  r: number,
  count: number,
  offset: number,
  fill: Colour,
  clip?: Rect,
): void {
  const step = 180 / count;
  for (let i = 0; i < count; i++) {
    const from = offset + 2 * i * step;
    const points: Point[] = [[cx, cy], onCircle(cx, cy, r, from), onCircle(cx, cy, r, from + step)];
    const visible = clip ? clipped(points, clip) : points;
    if (visible.length > 2) polygon(scene, visible, fill);
  }
}

/** Sutherland and Hodgman's clipping of a convex polygon to a rect. */
export function clipped(points: readonly Point[], clip: Rect): readonly Point[] {
  const right = clip.x + clip.w;
  const bottom = clip.y + clip.h;
  const edges: readonly (readonly [0 | 1, number, 1 | -1])[] = [
    [0, clip.x, 1],
    [0, right, -1],
    [1, clip.y, 1],
    [1, bottom, -1],
  ];
  return edges.reduce<readonly Point[]>((polygonLeft, [axis, limit, sign]) => {
    const cut: Point[] = [];
    polygonLeft.forEach((point, index) => {
      const before = polygonLeft[(index + polygonLeft.length - 1) % polygonLeft.length] ?? point;
      const inside = (point[axis] - limit) * sign >= 0;
      const wasInside = (before[axis] - limit) * sign >= 0;
      if (inside !== wasInside) {
        const share = (limit - before[axis]) / (point[axis] - before[axis]);
        cut.push([before[0] + (point[0] - before[0]) * share, before[1] + (point[1] - before[1]) * share]);
      }
      if (inside) cut.push(point);
    });
    return cut;
  }, points);
}

/** Rows of dots that grow from `small` at the top to `large` at the bottom, as one path. */
export function dots(
  scene: Scene,
  area: Rect,
  pitch: number,
  small: number,
  large: number,
  fill: Colour,
  options: Look & { readonly inside?: (x: number, y: number) => boolean } = {},
): void {
  const { inside, ...look } = options;
  let d = "";
  const rows = Math.floor(area.h / (pitch * 0.866));
  for (let row = 0; row <= rows; row++) {
    const share = rows === 0 ? 0 : row / rows;
    const r = (small + (large - small) * share) * pitch;
    if (r < 0.3) continue;
    for (let x = area.x + (row % 2 === 0 ? 0 : pitch / 2); x <= area.x + area.w; x += pitch) {
      const y = area.y + row * pitch * 0.866;
      if (!inside || inside(x, y)) d += circlePath(x, y, r);
    }
  }
  if (d !== "")
    scene.marks.push({
      d,
      fill,
      outline: corners({ x: area.x - pitch, y: area.y - pitch, w: area.w + 2 * pitch, h: area.h + 2 * pitch }),
      solid: false,
      ...look,
    });
}

/** An edge torn by hand: points along a line, shaken sideways. */
function torn(from: Point, to: Point, shake: number, chance: Chance): readonly Point[] {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const steps = Math.max(3, Math.round(length / (shake * 2.4)));
  const nx = -(to[1] - from[1]) / length;
  const ny = (to[0] - from[0]) / length;
  return Array.from({ length: steps }, (_, i): Point => {
    const share = i / steps;
    const off = chance.between(-shake, shake) * 0.5 + chance.between(-shake, shake) * 0.5;
    return [from[0] + (to[0] - from[0]) * share + nx * off, from[1] + (to[1] - from[1]) * share + ny * off];
  });
}

/** A rect with four torn edges, a little larger than asked on every side. */
export function tornRect(area: Rect, shake: number, chance: Chance): readonly Point[] {
  const outer = { x: area.x - shake, y: area.y - shake, w: area.w + 2 * shake, h: area.h + 2 * shake };
  const points = corners(outer);
  return points.flatMap((point, index) => torn(point, points[(index + 1) % 4] ?? point, shake, chance));
}

/** Short strokes along a direction, as a burin leaves them. One path. */
export function gouges(
  scene: Scene,
  area: Rect,
  count: number,
  widthPx: number,
  fill: Colour,
  direction: (x: number, y: number) => number,
  keep: (x: number, y: number) => boolean,
): void {
  let d = "";
  const chance = scene.chance.fork("gouges");
  for (let i = 0; i < count; i++) {
    const x = area.x + chance.next() * area.w;
    const y = area.y + chance.next() * area.h;
    const length = widthPx * (6 + 14 * chance.next());
    const wide = widthPx * (0.5 + chance.next());
    if (!keep(x, y)) continue;
    const angle = direction(x, y) + (chance.next() - 0.5) * 8;
    const [tx, ty] = onCircle(x, y, length, angle);
    if (tx < area.x || ty < area.y || tx > area.x + area.w || ty > area.y + area.h) continue;
    const [lx, ly] = onCircle(x, y, wide, angle + 90);
    const [mx, my] = onCircle(x, y, -wide, angle + 90);
    d += `M${num(lx)} ${num(ly)}L${num(tx)} ${num(ty)}L${num(mx)} ${num(my)}Z`;
  }
  if (d !== "") scene.marks.push({ d, fill, outline: corners(area), solid: false });
}

/**
 * Where the member's photo goes; marks that follow lie over it. Ignored when there is none.
 *
 * @param clip the shape it is cut out in
 */
export function photo(scene: Scene, area: Rect, one: Colour, other: Colour, clip?: readonly Point[]): boolean {
  if (!scene.photo || scene.placedPhoto) return false;
  // On a dark sheet the ink is the lighter one; a photo is never shown as its negative.
  const [dark, light] = luminanceOf(one) < luminanceOf(other) ? [one, other] : [other, one];
  const placed: Photo = { rect: whole(area), dark, light, fade: scene.photo.fade, after: scene.marks.length };
  scene.placedPhoto = clip === undefined ? placed : { ...placed, clip };
  return true;
}

const whole = (area: Rect): Rect => ({
  x: Math.round(area.x),
  y: Math.round(area.y),
  w: Math.max(1, Math.round(area.w)),
  h: Math.max(1, Math.round(area.h)),
});

/** The middle and the largest square of an area. */
export const middleOf = (area: Rect): { readonly cx: number; readonly cy: number; readonly side: number } => ({
  cx: area.x + area.w / 2,
  cy: area.y + area.h / 2,
  side: Math.min(area.w, area.h),
});
