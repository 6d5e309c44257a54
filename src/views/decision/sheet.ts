import type { Picture } from "../../domain/job.ts";
import { sizeOfRecipe } from "../../domain/recipe.ts";
import type { Size } from "../../domain/size.ts";

/** Discord takes five buttons a row: each stands where its picture does. */
const COLUMNS = [2, 3, 4, 5] as const;
const COLUMNS_MAX = 5;
const SHEET_MAX_PX = 2048;

/** How many pictures, and their buttons, stand beside each other. */
export const sheetColumns = (pictures: number): number =>
  pictures < 2 ? 1 : (COLUMNS.find((columns) => columns * columns >= pictures) ?? COLUMNS_MAX);

/** Several pictures as one sheet, each of them whole in a cell that has room for the largest. */
export function sheetOf(pictures: readonly Pick<Picture, "recipe">[]): {
  readonly columns: number;
  readonly cell: Size;
} {
  const columns = sheetColumns(pictures.length);
  const sizes = pictures.map(({ recipe }) => sizeOfRecipe(recipe));
  const widthPx = Math.max(...sizes.map((size) => size.widthPx));
  const heightPx = Math.max(...sizes.map((size) => size.heightPx));
  const rows = Math.ceil(pictures.length / columns);
  const scale = Math.min(1, SHEET_MAX_PX / (columns * widthPx), SHEET_MAX_PX / (rows * heightPx));
  return { columns, cell: { widthPx: Math.round(widthPx * scale), heightPx: Math.round(heightPx * scale) } };
}

/** Of the whole sheet. */
export function sheetSize(pictures: readonly Pick<Picture, "recipe">[]): Size {
  const { columns, cell } = sheetOf(pictures);
  return {
    widthPx: cell.widthPx * columns,
    heightPx: cell.heightPx * Math.ceil(pictures.length / columns),
  };
}
