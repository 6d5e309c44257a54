import type { Colour } from "../../lib/colour.ts";
import type { Icon } from "../signs/icons.ts";
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
  scene.marks.push({ d, transform, outline, solid: false, icon: picture.name, ...rule, ...paint, ...look });
  scene.drawn.add(picture.name);
}
