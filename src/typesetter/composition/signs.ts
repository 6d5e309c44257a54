import type { Icon } from "../signs/icons.ts";
import type { Colour } from "./colour.ts";
import { num, type Scene } from "./scene.ts";
import type { Look } from "./shapes.ts";
import { corners, rotate } from "./tree.ts";

export interface IconOptions extends Look {
  /** Degrees clockwise. */
  readonly angle?: number;
  /** A line around it instead of a fill. */
  readonly linePx?: number;
}

/** An icon filling a square around `cx`, `cy`. The scene notes that it is on the paper. */
export function icon(
  scene: Scene,
  picture: Icon,
  cx: number,
  cy: number,
  sidePx: number,
  fill: Colour,
  options: IconOptions = {},
): void {
  const { width, height, d } = picture;
  const scale = sidePx / Math.max(width, height);
  const { angle = 0, linePx, ...look } = options;
  const area = { x: cx - sidePx / 2, y: cy - sidePx / 2, w: sidePx, h: sidePx };
  const transform = `translate(${num(cx)} ${num(cy)})${angle === 0 ? "" : ` rotate(${num(angle)})`} scale(${Math.round(scale * 1e5) / 1e5}) translate(${num(-width / 2)} ${num(-height / 2)})`;
  const outline = corners(area).map((point) => rotate(point, angle, [cx, cy]));
  const paint = linePx === undefined ? { fill } : { stroke: { colour: fill, widthPx: linePx / scale } };
  const rule = picture.evenOdd ? { evenOdd: true as const } : {};
  scene.marks.push({ d, transform, outline, solid: false, ...rule, ...paint, ...look });
  scene.drawn.add(picture.name);
}

/** Middle and side of each place, in sides of the square around them. */
type Places = readonly (readonly [x: number, y: number, side: number])[];

/** Inside a square, and inside the circle that most layouts draw it on. The first place is the largest. */
const CLUSTERS: readonly Places[] = [
  [[0, 0, 1]],
  [
    [-0.18, -0.04, 0.64],
    [0.3, 0.12, 0.42],
  ],
  [
    [0, -0.17, 0.62],
    [-0.24, 0.3, 0.38],
    [0.24, 0.3, 0.38],
  ],
];
/** On one line of feet, wider than the square. */
const ROWS: readonly Places[] = [
  [[0, 0, 1]],
  [
    [-0.2, 0.06, 0.88],
    [0.5, 0.28, 0.44],
  ],
  [
    [0, 0.06, 0.88],
    [-0.64, 0.29, 0.42],
    [0.64, 0.29, 0.42],
  ],
];

/** Without any, a layout draws a form of its own. */
export const hasIcons = ({ icons }: Scene): boolean => icons.length > 0;

/** Up to three signs in the place of one; turned as one. */
export function group(
  scene: Scene,
  pictures: readonly Icon[],
  {
    cx,
    cy,
    side,
    row = false,
  }: { readonly cx: number; readonly cy: number; readonly side: number; readonly row?: boolean },
  fill: Colour,
  options: IconOptions = {},
): void {
  const places = (row ? ROWS : CLUSTERS)[Math.min(pictures.length, CLUSTERS.length) - 1] ?? [];
  places.forEach(([x, y, share], index) => {
    const picture = pictures[index];
    const [px, py] = rotate([cx + x * side, cy + y * side], options.angle ?? 0, [cx, cy]);
    if (picture) icon(scene, picture, px, py, side * share, fill, options);
  });
}

/** The signs but the second, which has a place of its own. */
export const besidesSecond = (pictures: readonly Icon[]): readonly Icon[] => pictures.filter((_, index) => index !== 1);
