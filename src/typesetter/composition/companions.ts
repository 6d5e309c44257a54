import type { Colour } from "../../lib/colour.ts";
import type { Scene } from "./scene.ts";
import { sign } from "./sign.ts";
import type { Companion, SignLook, SignPlace } from "./sign-place.ts";
import { bounds, corners, overlap, type Point } from "./tree.ts";

/**
 * The second and third sign, where there are any, each in its place. They are put there when all else is drawn: what a layout
 * lays over them later, a title's slanted ground or the heads of a crowd, would cut them.
 */
export function companions(
  scene: Scene,
  places: readonly [SignPlace, SignPlace],
  wished: Colour,
  look: SignLook = {},
): void {
  places.forEach((place, index) => {
    const picture = scene.icons[index + 1];
    if (picture) scene.companions.push({ picture, place, wished, look, above: scene.marks.length });
  });
}

/** Each in its place or as near to it as it stands whole; smaller where it must be. Where there is no room it is not drawn. */
export function placeCompanions(scene: Scene): void {
  // From the last to the first, so that marks put in do not move the places of those before.
  for (const companion of scene.companions.splice(0).reverse()) {
    const place = placeFor(scene, companion);
    if (!place) continue;
    const { picture, wished, look, above } = companion;
    const below = { ...scene, marks: scene.marks.slice(0, above) };
    sign(below, picture, ...place, wished, look);
    const added = below.marks.slice(above);
    scene.marks.splice(above, 0, ...added);
    const photo = scene.placedPhoto;
    if (photo && photo.after > above) scene.placedPhoto = { ...photo, after: photo.after + added.length };
  }
}

/** Of the wished size. */
const SIZES = [1, 0.8, 0.62] as const;
/** Rings around the place, in sides of the sign, and places on each. */
const RINGS = [0.25, 0.5, 0.8, 1.2, 1.7, 2.3] as const;
const PLACES_ON_RING = 12;

function placeFor(scene: Scene, { place, above }: Companion): SignPlace | undefined {
  const [x, y, wishedPx] = place;
  const covers = scene.marks.slice(above).flatMap(({ fill, outline }) => (fill === undefined ? [] : [outline]));
  const letters = scene.blocks.flatMap(({ lines }) => lines.map(({ box }) => box));
  const signs = scene.marks
    .slice(0, above)
    .flatMap(({ icon, outline }) => (icon === undefined ? [] : [inner(outline)]));
  const isFree = (at: Point, sidePx: number, others: readonly (readonly Point[])[]): boolean => {
    const half = sidePx / 2;
    const edge = scene.u * 1.2;
    if (at[0] - half < edge || at[1] - half < edge || at[0] + half > scene.w - edge || at[1] + half > scene.h - edge)
      return false;
    const box = corners({ x: at[0] - half, y: at[1] - half, w: sidePx, h: sidePx });
    return !others.some((other) => overlap(other, box));
  };
  for (const size of SIZES) {
    const sidePx = wishedPx * size;
    // A layout knows what it puts beside the sign that leads; who moves keeps off it.
    if (isFree([x, y], sidePx, [...covers, ...letters])) return [x, y, sidePx];
    for (const ring of RINGS) {
      for (let step = 0; step < PLACES_ON_RING; step++) {
        const angle = (step * 2 * Math.PI) / PLACES_ON_RING;
        const at: Point = [x + Math.cos(angle) * ring * sidePx, y + Math.sin(angle) * ring * sidePx];
        if (isFree(at, sidePx, [...covers, ...letters, ...signs])) return [at[0], at[1], sidePx];
      }
    }
  }
  return undefined;
}

/** Signs seldom reach the corners of their square. */
function inner(outline: readonly Point[]): readonly Point[] {
  const { x, y, w, h } = bounds(outline);
  return corners({ x: x + w * 0.08, y: y + h * 0.08, w: w * 0.84, h: h * 0.84 });
}
