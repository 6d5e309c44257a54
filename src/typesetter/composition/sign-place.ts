import type { Colour } from "../../lib/colour.ts";
import type { Icon } from "../signs/icons.ts";

/** Where a further sign stands, and how large. */
export type SignPlace = readonly [x: number, y: number, sidePx: number];

/** `angle`: in degrees. `linePx`: drawn as a line instead of filled. */
export interface SignLook {
  readonly angle?: number;
  readonly linePx?: number;
}

/** A further sign that a layout wishes for. */
export interface Companion {
  readonly picture: Icon;
  readonly place: SignPlace;
  readonly wished: Colour;
  readonly look: SignLook;
  /** How many marks lie below it. */
  readonly above: number;
}
