import type { PrintWish } from "../domain/document.ts";
import type { Picture } from "../domain/job.ts";
import { printedAs, sharpFrom } from "../domain/print-sharpness.ts";
import { sizeOfRecipe } from "../domain/recipe.ts";
import { type Text, text } from "../domain/text.ts";

/** Less than this nobody sees. */
const CUT_SEEN_MM = 0.5;

/** How it comes out on paper: known before the file is made, so said at once. */
export function printNotes(print: PrintWish, { recipe }: Pick<Picture, "recipe">): readonly Text[] {
  const { dpi, cutTopAndBottomMm, cutLeftAndRightMm } = printedAs(print, sizeOfRecipe(recipe));
  return [
    text("print.sharpness", { dpi: Math.round(dpi), from: sharpFrom(dpi) }),
    ...(recipe.request.lettering === undefined ? [] : [text("print.lettering")]),
    ...(cutTopAndBottomMm >= CUT_SEEN_MM ? [text("print.cut.top", { mm: Math.round(cutTopAndBottomMm) })] : []),
    ...(cutLeftAndRightMm >= CUT_SEEN_MM ? [text("print.cut.side", { mm: Math.round(cutLeftAndRightMm) })] : []),
  ];
}

/** So much that a word at the edge would be lost. */
const MUCH_MM = 10;

export function isMuchCut(print: Pick<PrintWish, "paper" | "fit">, { recipe }: Pick<Picture, "recipe">): boolean {
  const { cutTopAndBottomMm, cutLeftAndRightMm } = printedAs(print, sizeOfRecipe(recipe));
  return Math.max(cutTopAndBottomMm, cutLeftAndRightMm) >= MUCH_MM;
}
