import encodeQR from "qr";
import type { LetteringLayer, LetteringPart } from "../../domain/lettering.ts";
import type { Rect } from "../composition/tree.ts";
import { marginOf } from "./candidates.ts";
import { attentionIn, type Field } from "./field.ts";
import { type Plan, sharedArea } from "./plan.ts";

/** Blank modules around a code. Source: ISO/IEC 18004, 6.3.8. */
const QUIET_MODULES = 4;
/** Smaller ones are lost when a picture is made smaller on its way. */
const MODULE_MIN_PX = 3;
/** Of the shorter side. */
const CODE_SHARE = 0.2;
const LOGO_SHARE = { w: 0.24, h: 0.1 } as const;

/** The layer's code and logo, each in the corner where it hides least; one that finds no room is not there. */
export function cornerPieces(field: Field, layer: LetteringLayer, plan: Plan | undefined): readonly LetteringPart[] {
  const parts: LetteringPart[] = [];
  const taken: Rect[] = plan
    ? plan.stack.lines.map(({ ink }) => ({ ...ink, x: plan.x + ink.x, y: plan.y + ink.y }))
    : [];
  const plates = plan ? plan.dress.plates.map(({ box }) => box) : [];
  const place = (w: number, h: number): Rect | undefined => {
    const box = freeCorner(field, { w, h }, taken, plates);
    if (box) taken.push(box);
    return box;
  };
  const code = layer.link === undefined ? undefined : codeFor(field, layer.link, place);
  if (code) parts.push(code);
  if (layer.logo) {
    const shorterPx = Math.min(field.widthPx, field.heightPx);
    const { key, widthPx, heightPx } = layer.logo;
    const scale = Math.min((shorterPx * LOGO_SHARE.w) / widthPx, (shorterPx * LOGO_SHARE.h) / heightPx);
    const box = place(Math.max(1, Math.round(widthPx * scale)), Math.max(1, Math.round(heightPx * scale)));
    if (box) parts.push({ kind: "logo", box, key });
  }
  return parts;
}

function codeFor(
  field: Field,
  link: string,
  place: (w: number, h: number) => Rect | undefined,
): LetteringPart | undefined {
  const modules = encodeQR(link, "raw", { ecc: "medium", border: QUIET_MODULES });
  const across = modules.length;
  const wanted = Math.floor((Math.min(field.widthPx, field.heightPx) * CODE_SHARE) / across);
  for (let modulePx = Math.max(MODULE_MIN_PX, wanted); modulePx >= MODULE_MIN_PX; modulePx--) {
    const box = place(across * modulePx, across * modulePx);
    if (!box) continue;
    return {
      kind: "code",
      box,
      href: link,
      modules: modules.map((row) => row.map((isDark) => (isDark ? "1" : "0")).join("")),
    };
  }
  return undefined;
}

/** Half on a plate and half beside it is neither. */
const isAcross = (box: Rect, plate: Rect): boolean => {
  const shared = sharedArea(box, plate);
  return shared > 0 && shared < box.w * box.h - 1;
};

function freeCorner(
  field: Field,
  { w, h }: Pick<Rect, "w" | "h">,
  taken: readonly Rect[],
  plates: readonly Rect[],
): Rect | undefined {
  const { widthPx, heightPx, faces } = field;
  const margin = Math.round(marginOf(field));
  const [right, bottom] = [Math.round(widthPx - margin - w), Math.round(heightPx - margin - h)];
  const corners = [
    [right, bottom],
    [margin, bottom],
    [right, margin],
    [margin, margin],
  ].map(([x = 0, y = 0]) => ({ x, y, w, h }));
  const near = margin * 0.6;
  const grown = (box: Rect): Rect => ({ x: box.x - near, y: box.y - near, w: box.w + 2 * near, h: box.h + 2 * near });
  const free = corners.filter(
    (box) =>
      box.x >= 0 &&
      box.y >= 0 &&
      !taken.some((other) => sharedArea(grown(box), other) > 0) &&
      !faces.some((face) => sharedArea(box, face) > 0) &&
      !plates.some((plate) => isAcross(grown(box), plate)),
  );
  const hidden = (box: Rect): number =>
    plates.some((plate) => sharedArea(box, plate) > 0) ? 0 : attentionIn(field, box);
  return free.toSorted((a, b) => hidden(a) - hidden(b))[0];
}
