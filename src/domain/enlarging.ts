import { ENLARGED_SIDE_MAX_PX } from "./recipe.ts";
import type { Size } from "./size.ts";

/** One press makes both sides twice as long. */
export type EnlargeBy = 2 | 4;

export const enlarged = ({ widthPx, heightPx }: Size, by: EnlargeBy): Size => ({
  widthPx: widthPx * by,
  heightPx: heightPx * by,
});

/** There is room for it. */
export const canEnlarge = ({ widthPx, heightPx }: Size, by: EnlargeBy = 2): boolean =>
  Math.max(widthPx, heightPx) * by <= ENLARGED_SIDE_MAX_PX;
