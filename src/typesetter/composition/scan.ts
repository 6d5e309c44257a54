import encodeQR from "qr";
import { contrastOf } from "../../lib/colour.ts";
import { setStack } from "../lettering/typeset.ts";
import type { ScannedLink } from "../reading/links.ts";
import type { Numbered, Scene } from "./scene.ts";
import { rect } from "./shapes.ts";
import { corners, type Rect } from "./tree.ts";
import { isWide } from "./wide.ts";

/** A QR code with its place: a band of its own at the page's foot, or at the side of a wide page. */
export interface ScanPlan {
  /** What is left for the poster, from the page's upper left corner. */
  readonly left: { readonly w: number; readonly h: number };
  readonly band: Rect;
  /** With its quiet zone. */
  readonly code: Rect;
  readonly modulePx: number;
  /** Dark is `true`, row by row, the quiet zone included. */
  readonly modules: readonly (readonly boolean[])[];
  readonly link: ScannedLink;
}

/** Blank modules around the code. Source: ISO/IEC 18004, 6.3.8. */
const QUIET_MODULES = 4;
/** Smaller ones are lost when a picture is made smaller on its way. */
const MODULE_MIN_PX = 3;
/** Of the page's shorter side. */
const CODE_SHARE = 0.24;
const BAND_MAX_SHARE = 0.45;

/** @returns `undefined` where the page is too small for a code that can be scanned */
export function planScan(link: ScannedLink, w: number, h: number): ScanPlan | undefined {
  const modules = encodeQR(link.href, "raw", { ecc: "medium", border: QUIET_MODULES });
  const across = modules.length;
  const modulePx = Math.max(MODULE_MIN_PX, Math.floor((Math.min(w, h) * CODE_SHARE) / across));
  const side = across * modulePx;
  const margin = Math.round(Math.min(w, h) * 0.035);
  const depth = side + 2 * margin;
  const asSide = isWide({ w, h });
  if (depth > (asSide ? w : h) * BAND_MAX_SHARE || depth > Math.min(w, h)) return undefined;
  return asSide
    ? {
        left: { w: w - depth, h },
        band: { x: w - depth, y: 0, w: depth, h },
        code: { x: w - depth + margin, y: margin, w: side, h: side },
        modulePx,
        modules,
        link,
      }
    : {
        left: { w, h: h - depth },
        band: { x: 0, y: h - depth, w, h: depth },
        code: { x: margin * 2, y: h - depth + margin, w: side, h: side },
        modulePx,
        modules,
        link,
      };
}

/**
 * The band on the finished poster: the code on white, its address beside it.
 *
 * @param logo stands at the band's other end
 */
export function drawScan(scene: Scene, plan: ScanPlan, logo?: Rect): void {
  const { band, code, modulePx, modules, link } = plan;
  const { inks } = scene;
  // What bleeds over the poster's own edge ends here.
  rect(scene, band, inks.paper);
  rect(scene, code, "#ffffff");
  let d = "";
  modules.forEach((row, y) => {
    row.forEach((isDark, x) => {
      if (isDark) d += `M${code.x + x * modulePx} ${code.y + y * modulePx}h${modulePx}v${modulePx}h-${modulePx}z`;
    });
  });
  const fill = contrastOf(inks.ink, "#ffffff") >= 7 ? inks.ink : "#000000";
  scene.marks.push({ d, fill, outline: corners(code), solid: false });
  setCaption(scene, plan, link.caption, logo);
}

function setCaption(scene: Scene, { band, code }: ScanPlan, text: string, logo: Rect | undefined): void {
  const gap = code.x - band.x;
  const taken = { w: logo ? logo.w + gap : 0, h: logo ? logo.h + gap : 0 };
  const beside: Rect =
    band.h > band.w
      ? { x: code.x, y: code.y + code.h + gap / 2, w: code.w, h: Math.max(1, band.h - code.h - 2.5 * gap - taken.h) }
      : { x: code.x + code.w + gap / 2, y: code.y, w: Math.max(1, band.w - code.w - 2.5 * gap - taken.w), h: code.h };
  const phrase: Numbered = {
    text,
    position: undefined,
    size: "normal",
    narrow: false,
    capitals: false,
    level: "small",
    isList: false,
    han: "simplified",
    index: scene.phrases.length,
  };
  setStack(scene, beside, [phrase], {
    font: "text",
    align: "left",
    valign: band.h > band.w ? "top" : "middle",
    inks: [scene.inks.ink],
    maxCap: 0.2,
  });
}
