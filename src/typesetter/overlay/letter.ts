import type { LetteringLayer, SetLettering } from "../../domain/lettering.ts";
import { edgesOf } from "../logo/edges.ts";
import { cornerPieces } from "./corners.ts";
import { encodePixels } from "./encode.ts";
import { measure } from "./field.ts";
import { type CornerLabel, labelSet } from "./label.ts";
import { paintSet } from "./paint.ts";
import { decode } from "./pixels.ts";
import { planLettering } from "./plan.ts";
import { setOf } from "./set.ts";

export interface LetterInput {
  /** PNG, JPEG, WebP or what else sharp reads; upright by its EXIF. */
  readonly picture: Uint8Array;
  /** Words to be placed, or what they were set as before: then nothing is decided anew. */
  readonly words: { readonly layer: LetteringLayer } | { readonly set: SetLettering } | { readonly label: CornerLabel };
  /** The bytes of the logo that they name; absent: it is not drawn. */
  readonly logo?: Uint8Array;
}

export interface Lettered {
  /** Of the picture's size; every pixel without words is as it was. */
  readonly png: Uint8Array;
  readonly set: SetLettering;
}

/** Letters one picture, blocking: call it in a worker. @throws NotAPicture */
export async function letter({ picture, words, logo }: LetterInput): Promise<Lettered> {
  const pixels = await decode(picture);
  let set: SetLettering;
  if ("set" in words) set = words.set;
  else if ("label" in words) set = labelSet(words.label, pixels);
  else {
    const field = measure(pixels);
    const plan = planLettering(field, words.layer);
    const edges = logo && words.layer.logo ? await edgesOf(logo).catch(() => undefined) : undefined;
    set = setOf(plan, field, cornerPieces(field, words.layer, { plan, edges }));
  }
  await paintSet(pixels, set, logo);
  return { png: encodePixels(pixels), set };
}
