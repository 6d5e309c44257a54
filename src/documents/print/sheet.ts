import type { PrintWish } from "../../domain/document.ts";
import type { SetLettering } from "../../domain/lettering.ts";
import { mmPerPxOf, SAFE_MM, sheetMm } from "../../domain/print-sharpness.ts";
import type { PrintFacts } from "../../ports/documents.ts";
import type { Rect } from "../../typesetter/composition/tree.ts";

/** From the bleed to a mark, how long it is, and white around it. */
const MARK_GAP_MM = 1;
const MARK_MM = 5;
const MARK_MARGIN_MM = 2;
/** Marks of a sheet without bleed would touch what is printed. */
const MARK_FROM_TRIM_MIN_MM = 2;
const MM_PER_INCH = 25.4;
/** What rounding makes of a whole number of pixels is one. */
const WHOLE = 1e-6;

/** Where everything lies on a sheet, in millimetres from its top left corner. */
export interface SheetPlan {
  readonly media: { readonly w: number; readonly h: number };
  /** What is left when it is cut. */
  readonly trim: Rect;
  readonly bleed: Rect;
  /** The whole picture, whatever of it is cut off. */
  readonly picture: Rect;
  /** What of the picture is printed, in its pixels: negative, or beyond its end, where it has to be continued. */
  readonly area: PixelArea;
  /** Where that lies: up to a pixel beyond the bleed. */
  readonly areaBox: Rect;
  /** Nothing but marks is printed outside of it: the bleed, or the picture where it stands in white. */
  readonly printed: Rect;
  readonly facts: PrintFacts;
}

export interface PixelArea {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

interface PictureSize {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** The paper lies as the picture does. */
export function planSheet(read: PictureSize, wish: PrintWish): SheetPlan {
  const { widthPx, heightPx } = read;
  const { bleedMm, cropMarks, fit } = wish;
  const [w, h] = sheetMm(wish, read);
  const margin = cropMarks ? markStart(bleedMm) + MARK_MM + MARK_MARGIN_MM : bleedMm;
  const trim: Rect = { x: margin, y: margin, w, h };
  const bleed: Rect = { x: margin - bleedMm, y: margin - bleedMm, w: w + 2 * bleedMm, h: h + 2 * bleedMm };
  const mmPerPx = mmPerPxOf(wish, read);
  const size = { w: widthPx * mmPerPx, h: heightPx * mmPerPx };
  const picture: Rect = { x: trim.x + (w - size.w) / 2, y: trim.y + (h - size.h) / 2, ...size };
  const printed = fit === "fill" ? bleed : picture;
  const area: PixelArea = {
    left: Math.floor((printed.x - picture.x) / mmPerPx + WHOLE),
    top: Math.floor((printed.y - picture.y) / mmPerPx + WHOLE),
    right: Math.ceil((printed.x + printed.w - picture.x) / mmPerPx - WHOLE),
    bottom: Math.ceil((printed.y + printed.h - picture.y) / mmPerPx - WHOLE),
  };
  return {
    media: { w: w + 2 * margin, h: h + 2 * margin },
    trim,
    bleed,
    picture,
    area,
    areaBox: {
      x: picture.x + area.left * mmPerPx,
      y: picture.y + area.top * mmPerPx,
      w: (area.right - area.left) * mmPerPx,
      h: (area.bottom - area.top) * mmPerPx,
    },
    printed,
    facts: {
      dpi: Math.round(MM_PER_INCH / mmPerPx),
      cutTopAndBottomMm: tenth(Math.max(0, trim.y - picture.y)),
      cutLeftAndRightMm: tenth(Math.max(0, trim.x - picture.x)),
    },
  };
}

const tenth = (mm: number): number => Math.round(mm * 10) / 10;

const markStart = (bleedMm: number): number => Math.max(bleedMm + MARK_GAP_MM, MARK_FROM_TRIM_MIN_MM);

type Mark = readonly [x1: number, y1: number, x2: number, y2: number];

/** Two at each corner, in line with the cut and outside of the bleed. */
export function cropMarks({ trim }: SheetPlan, bleedMm: number): readonly Mark[] {
  const start = markStart(bleedMm);
  const end = start + MARK_MM;
  const [left, top, right, bottom] = [trim.x, trim.y, trim.x + trim.w, trim.y + trim.h];
  return [left, right].flatMap((x) =>
    [top, bottom].flatMap((y): readonly Mark[] => {
      const outX = x === left ? -1 : 1;
      const outY = y === top ? -1 : 1;
      return [
        [x + outX * start, y, x + outX * end, y],
        [x, y + outY * start, x, y + outY * end],
      ];
    }),
  );
}

/** Whether words that stand over the picture are cut, or nearer to the edge than is safe. */
export function wordsAtEdge(set: SetLettering, { picture, trim }: SheetPlan): "cut" | "near" | undefined {
  const scale = picture.w / set.widthPx;
  const distances = set.parts.flatMap((part) => {
    // A plate may run over the edge: it is ground.
    if (part.kind === "plate") return [];
    const { x, y, w, h } = part.box;
    const [left, top] = [picture.x + x * scale, picture.y + y * scale];
    return [left - trim.x, top - trim.y, trim.x + trim.w - left - w * scale, trim.y + trim.h - top - h * scale];
  });
  const least = Math.min(Infinity, ...distances);
  return least < 0 ? "cut" : least < SAFE_MM ? "near" : undefined;
}
