import { type Colour, contrastOf } from "../../lib/colour.ts";
import type { Deal } from "./deal.ts";
import { shadesOf } from "./palette.ts";
import type { Scene } from "./scene.ts";
import { rect } from "./shapes.ts";
import type { Rect } from "./tree.ts";

/** What is lettered on the sheet stays readable on its other shade, too. */
const CONTRAST_LEAST = 5;

/** How much of a bare sheet a variation prints in another shade, and how it chooses where. */
export interface GroundWish {
  /** 0 to 1; 0: none of it. */
  readonly share: number;
  readonly deal: Deal;
}

/**
 * Another shade of the sheet below everything else: a border, a floor or a strip at a side. What moves on a sheet with a
 * word and little else is too little to be seen; this can be as large as it has to be.
 *
 * @param area of the page, with nothing on it but `colour`
 */
export function layGround(scene: Scene, area: Rect, colour: Colour, { share, deal }: GroundWish): void {
  const { ink } = scene.inks;
  const shade = shadesOf(colour)
    .filter((other) => contrastOf(other, ink) >= CONTRAST_LEAST)
    .toSorted((one, other) => contrastOf(other, ink) - contrastOf(one, ink))[0];
  if (share === 0 || shade === undefined) return;
  const { x, y, w, h } = area;
  const form = deal("ground", 4);
  if (form < 2) {
    const depth = (share * Math.min(w, h)) / 2;
    rect(scene, area, shade);
    rect(scene, { x: x + depth, y: y + depth, w: w - 2 * depth, h: h - 2 * depth }, colour);
  } else if (form === 2) rect(scene, { x, y: y + h * (1 - share), w, h: h * share }, shade);
  else rect(scene, { x: x + (deal("edge", 2) === 0 ? 0 : w * (1 - share)), y, w: w * share, h }, shade);
}
