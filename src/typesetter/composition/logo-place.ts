import { type LogoShape, logoSizeOn, logoWithin } from "../logo/size.ts";
import type { ScanPlan } from "./scan.ts";
import { coloursUnder, corners, overlap, type Page, type Rect } from "./tree.ts";

type Size = Pick<Rect, "w" | "h">;

const MARGIN = 0.05;
/** Nothing stands nearer to it, of its shorter side: designers call it clear space. */
const CLEAR = 0.3;

const marginOf = ({ w, h }: Size): number => Math.round(Math.min(w, h) * MARGIN);

/** How high a band at the sheet's foot is that has room for it. */
export const logoBandPx = (sheet: Size, logo: LogoShape): number => logoSizeOn(sheet, logo).h + 2 * marginOf(sheet);

/** In such a band, at the end where reading ends. */
export function logoInFoot(sheet: Size, logo: LogoShape, isRightToLeft: boolean): Rect {
  const size = logoSizeOn(sheet, logo);
  const margin = marginOf(sheet);
  return { ...size, x: isRightToLeft ? margin : sheet.w - margin - size.w, y: sheet.h - margin - size.h };
}

/** In the band of a code, at its other end. */
export function logoInBand({ band, code }: ScanPlan, sheet: Size, logo: LogoShape): Rect {
  const asSide = band.h > band.w;
  const gap = code.x - band.x;
  const most = logoSizeOn(sheet, logo);
  const size = logoWithin(logo, asSide ? { w: code.w, h: most.h } : { w: most.w, h: Math.min(most.h, code.h) });
  return asSide
    ? { ...size, x: band.x + (band.w - size.w) / 2, y: band.y + band.h - gap - size.h }
    : { ...size, x: band.x + band.w - gap - size.w, y: band.y + (band.h - size.h) / 2 };
}

/**
 * In a corner of the sheet where neither words nor a sign stand; of several, where least is drawn.
 *
 * @param area what of the page is the poster's: between panels
 * @returns `undefined`: there is none
 */
export function logoInCorner(page: Page, area: Rect, logo: LogoShape, isRightToLeft: boolean): Rect | undefined {
  const { w, h } = logoSizeOn(area, logo);
  const margin = marginOf(area);
  const clear = Math.max(margin * 0.5, Math.min(w, h) * CLEAR);
  const [left, right] = [area.x + margin, area.x + area.w - margin - w];
  const [top, bottom] = [area.y + margin, area.y + area.h - margin - h];
  const [end, start] = isRightToLeft ? [left, right] : [right, left];
  const free = [
    [end, bottom],
    [end, top],
    [start, bottom],
    [start, top],
  ].flatMap(([x = 0, y = 0], order) => {
    const box = { x, y, w, h };
    const around = corners({ x: x - clear, y: y - clear, w: w + 2 * clear, h: h + 2 * clear });
    const isTaken =
      page.lettering.some((line) => overlap(line.box, around)) ||
      page.marks.some((mark) => mark.icon !== undefined && overlap(mark.outline, corners(box)));
    return isTaken ? [] : [{ box, crowd: coloursUnder(page, corners(box)).length + order / 10 }];
  });
  return free.toSorted((one, other) => one.crowd - other.crowd)[0]?.box;
}
