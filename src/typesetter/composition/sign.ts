import { type Colour, contrastOf } from "../../lib/colour.ts";
import type { Icon } from "../signs/icons.ts";
import type { Scene } from "./scene.ts";
import { disc } from "./shapes.ts";
import type { SignLook } from "./sign-place.ts";
import { icon } from "./signs.ts";
import { coloursUnder, corners } from "./tree.ts";

/** WCAG 1.4.11 for what is not text, with room for grain. */
const SIGN_CONTRAST = 3.1;
/** Of an icon's square, what its silhouette fills. */
const SILHOUETTE_SHARE = 0.78;

/**
 * A sign that can be told from whatever lies below it: in the wished ink where that shows, else in another of the palette's
 * inks, else on a disc of its own.
 *
 * @returns the ink it was drawn in
 */
export function sign(
  scene: Scene,
  picture: Icon,
  cx: number,
  cy: number,
  sidePx: number,
  wished: Colour,
  look: SignLook = {},
): Colour {
  const { paper, ink, accent, second } = scene.inks;
  const half = (sidePx * SILHOUETTE_SHARE) / 2;
  const area = corners({ x: cx - half, y: cy - half, w: 2 * half, h: 2 * half });
  const photo = scene.placedPhoto;
  // Lines are too thin to hide it, and a ring around it is not below it.
  const areas = scene.marks.filter((mark) => mark.fill !== undefined);
  const under = coloursUnder(
    { paper, marks: areas, ...(photo ? { photo: { ...photo, after: areasAmong(scene, photo.after) } } : {}) },
    area,
  );
  const shows = (colour: Colour): boolean => under.every((below) => contrastOf(colour, below) >= SIGN_CONTRAST);
  const fill = [wished, ink, paper, accent, second].find(shows);
  if (fill === undefined) disc(scene, cx, cy, sidePx * 0.56, contrastOf(wished, paper) >= SIGN_CONTRAST ? paper : ink);
  const chosen = fill ?? (contrastOf(wished, paper) >= SIGN_CONTRAST ? wished : paper);
  icon(scene, picture, cx, cy, sidePx, chosen, look);
  return chosen;
}

/** Of the first `count` marks, how many are areas. */
const areasAmong = ({ marks }: Scene, count: number): number =>
  marks.slice(0, count).filter((mark) => mark.fill !== undefined).length;
