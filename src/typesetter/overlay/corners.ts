import encodeQR from "qr";
import type { LetteringLayer, LetteringPart } from "../../domain/lettering.ts";
import type { Rect } from "../composition/tree.ts";
import { plainTones, type Tones, vanishes } from "../logo/edges.ts";
import { padOf, plateFor } from "../logo/plate.ts";
import { logoSizeOn } from "../logo/size.ts";
import { marginOf } from "./candidates.ts";
import { attentionIn, eachCell, type Field } from "./field.ts";
import { type Plan, sharedArea } from "./plan.ts";
import { TONES, toneOf } from "./tones.ts";

/** Blank modules around a code. Source: ISO/IEC 18004, 6.3.8. */
const QUIET_MODULES = 4;
/** Smaller ones are lost when a picture is made smaller on its way. */
const MODULE_MIN_PX = 3;
/** Of the shorter side. */
const CODE_SHARE = 0.2;

/** The layer's code and logo, each in the corner where it hides least; one that finds no room is not there. */
export function cornerPieces(
  field: Field,
  layer: LetteringLayer,
  { plan, edges }: { readonly plan: Plan | undefined; readonly edges: Tones | undefined },
): readonly LetteringPart[] {
  const parts: LetteringPart[] = [];
  const taken: Rect[] = plan
    ? plan.stack.lines.map(({ ink }) => ({ ...ink, x: plan.x + ink.x, y: plan.y + ink.y }))
    : [];
  const filled = plan ? plan.dress.plates : [];
  const plates = filled.map(({ box }) => box);
  const place = (w: number, h: number): Rect | undefined => {
    const box = freeCorner(field, { w, h }, taken, plates);
    if (box) taken.push(box);
    return box;
  };
  const code = layer.link === undefined ? undefined : codeFor(field, layer.link, place);
  if (code) parts.push(code);
  if (!layer.logo || !edges) return parts;
  const { key } = layer.logo;
  const size = logoSizeOn({ w: field.widthPx, h: field.heightPx }, layer.logo);
  const find = (pad: number) => freeCorner(field, { w: size.w + 2 * pad, h: size.h + 2 * pad }, taken, plates);
  const bare = find(0);
  if (bare && !vanishes(edges, tonesUnder(field, bare, filled))) return [...parts, { kind: "logo", box: bare, key }];
  const pad = padOf(size);
  const box = find(pad);
  if (!box) return parts;
  const inner = { x: box.x + pad, y: box.y + pad, ...size };
  return [...parts, { kind: "plate", box, fill: plateFor(edges, layer.colours) }, { kind: "logo", box: inner, key }];
}

function tonesUnder(field: Field, box: Rect, plates: Plan["dress"]["plates"]): Tones {
  const plate = plates.find((each) => sharedArea(box, each.box) > 0);
  if (plate) return plainTones(toneOf(plate.fill));
  const tones = new Float64Array(TONES);
  let all = 0;
  eachCell(field, box, (cell, share) => {
    const at = cell * (TONES + 1);
    const pixels = field.darker[at + TONES] ?? 0;
    if (pixels === 0) return;
    all += share;
    for (let tone = 0; tone < TONES; tone++)
      tones[tone] =
        (tones[tone] ?? 0) + (share * ((field.darker[at + tone + 1] ?? 0) - (field.darker[at + tone] ?? 0))) / pixels;
  });
  return all === 0 ? tones : tones.map((sum) => sum / all);
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
