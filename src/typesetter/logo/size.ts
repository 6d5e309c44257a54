import type { Branding } from "../../domain/lettering.ts";
import type { Rect } from "../composition/tree.ts";

type Size = Pick<Rect, "w" | "h">;

/** Of a sheet's shorter side, at most: as large on every one, wide logos wide and high ones high. */
const SHARE = { w: 0.26, h: 0.13 } as const;

export type LogoShape = Pick<NonNullable<Branding["logo"]>, "widthPx" | "heightPx">;

/** In whole pixels, as large as it goes. */
export function logoWithin({ widthPx, heightPx }: LogoShape, most: Size): Size {
  const scale = Math.min(most.w / widthPx, most.h / heightPx);
  return { w: Math.max(1, Math.round(widthPx * scale)), h: Math.max(1, Math.round(heightPx * scale)) };
}

export function logoSizeOn(sheet: Size, logo: LogoShape): Size {
  const shorter = Math.min(sheet.w, sheet.h);
  return logoWithin(logo, { w: shorter * SHARE.w, h: shorter * SHARE.h });
}
