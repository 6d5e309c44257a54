import { PAPER_MM, type PrintWish } from "./document.ts";
import type { Size } from "./size.ts";

// How a picture comes out on paper, known before anything is made.

const MM_PER_INCH = 25.4;

/** Of the sheet as it is cut; it lies as the picture does. */
export function sheetMm({ paper }: Pick<PrintWish, "paper">, { widthPx, heightPx }: Size): readonly [number, number] {
  const [shortMm, longMm] = PAPER_MM[paper];
  return widthPx > heightPx ? [longMm, shortMm] : [shortMm, longMm];
}

/** What lies nearer to the edge of a sheet may be cut: machines cut by a millimetre or two. */
export const SAFE_MM = 5;

/** How large a pixel comes out. */
export function mmPerPxOf(wish: Pick<PrintWish, "paper" | "fit">, size: Size): number {
  const [widthMm, heightMm] = sheetMm(wish, size);
  const white = wish.fit === "fit" ? 2 * SAFE_MM : 0;
  const [across, down] = [(widthMm - white) / size.widthPx, (heightMm - white) / size.heightPx];
  return wish.fit === "fill" ? Math.max(across, down) : Math.min(across, down);
}

/** "fill": the picture covers the sheet, what is too much lies outside. "fit": all of it lies inside, where no cut comes. */
export function printedAs(wish: Pick<PrintWish, "paper" | "fit">, size: Size) {
  const [widthMm, heightMm] = sheetMm(wish, size);
  const mmPerPx = mmPerPxOf(wish, size);
  const outside = (px: number, mm: number) => Math.max(0, (px * mmPerPx - mm) / 2);
  return {
    dpi: MM_PER_INCH / mmPerPx,
    /** On each of two sides. */
    cutTopAndBottomMm: outside(size.heightPx, heightMm),
    cutLeftAndRightMm: outside(size.widthPx, widthMm),
  };
}

/** From how many metres it looks sharp, which people know better than a number; "other": in the hand. */
export const sharpFrom = (dpi: number): "three" | "two" | "other" => (dpi < 60 ? "three" : dpi < 120 ? "two" : "other");
