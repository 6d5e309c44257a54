import type { Rect } from "../../typesetter/composition/tree.ts";

const WIDTH = 2000;
const SIDE_MAX = 6000;
const MARGIN = 64;
const GAP = 36;
/** A tall sheet of twelve a page; beyond four such pages pictures become smaller instead. */
const COLUMNS = 4;
const COLUMNS_MANY = 8;
const MANY = 48;
/** Two lines of words below each. */
const CAPTION = { few: 92, many: 66 } as const;
const CELL_RATIO_MIN = 0.72;
const CELL_RATIO_MAX = 1.5;

export interface Cell {
  /** For the picture, which stands in it as a whole. */
  readonly picture: Rect;
  readonly caption: Rect;
}

export interface Grid {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly cells: readonly Cell[];
}

/**
 * Places for so many pictures below a header, in reading order.
 *
 * @param ratios width by height of each
 * @param headerPx from the top
 */
export function gridOf(ratios: readonly number[], headerPx: number, isRightToLeft: boolean): Grid {
  const isMany = ratios.length > MANY;
  // A few are not lost on a wide sheet.
  const columns = isMany ? COLUMNS_MANY : Math.max(1, Math.min(COLUMNS, ratios.length));
  const caption = isMany ? CAPTION.many : CAPTION.few;
  const w = (WIDTH - 2 * MARGIN - (columns - 1) * GAP) / columns;
  const rows = Math.ceil(ratios.length / columns);
  const room = (SIDE_MAX - headerPx - MARGIN) / Math.max(1, rows) - caption - GAP;
  const h = Math.round(Math.min(w / cellRatio(ratios), room));
  const cells = ratios.map((_, index): Cell => {
    const column = index % columns;
    const x = MARGIN + (isRightToLeft ? columns - 1 - column : column) * (w + GAP);
    const y = headerPx + Math.floor(index / columns) * (h + caption + GAP);
    return { picture: { x, y, w, h }, caption: { x, y: y + h + 10, w, h: caption - 10 } };
  });
  return { widthPx: WIDTH, heightPx: Math.ceil(headerPx + rows * (h + caption + GAP) + MARGIN - GAP), cells };
}

export const HEADER: Rect & { readonly capMax: number } = {
  x: MARGIN,
  y: MARGIN,
  w: WIDTH - 2 * MARGIN,
  h: 150,
  capMax: 62,
};

/** As most pictures are, so that the least of the sheet is empty. */
function cellRatio(ratios: readonly number[]): number {
  const middle = ratios.toSorted((a, b) => a - b)[Math.floor(ratios.length / 2)] ?? 1;
  return Math.min(CELL_RATIO_MAX, Math.max(CELL_RATIO_MIN, middle));
}
