import { Resvg } from "@resvg/resvg-js";
import type { Recipe } from "../../domain/recipe.ts";
import { ourRecipe, RECIPE_KEYWORD } from "../../domain/recipe-text.ts";
import { foreignImage } from "../../lib/foreign-image.ts";
import { pngSize, readPngText } from "../../lib/png.ts";
import { compose } from "../composition/compose.ts";
import { bounds, type Page, type Rect } from "../composition/tree.ts";
import { readBrief } from "../reading/brief.ts";
import { TYPESETTER_MODEL } from "../version.ts";
import { MAX_INPUT_PIXELS, NotAPicture } from "./photo.ts";
import { writeSvg } from "./svg.ts";

/**
 * The picture that a poster starts from, without the lettering of an earlier one: two titles over each other say nothing.
 * What we made ourselves is known by its recipe. A sketch's recipe tells where its letters stand; of a picture that a model
 * made, the edges where letters were asked for are left away. Any other picture is taken as it is.
 *
 * @param bytes PNG, JPEG or WebP
 * @throws NotAPicture when one of our own cannot be decoded
 */
export async function withoutLettering(bytes: Uint8Array): Promise<Uint8Array> {
  const texts = await readPngText(bytes, [RECIPE_KEYWORD]);
  const recipe = texts.map(({ text }) => ourRecipe(text)).find((found) => found !== undefined);
  if (!recipe) return bytes;
  const { widthPx, heightPx } = pngSize(bytes);
  if (recipe.backend !== "sketch") return cropped(bytes, edgesOff(recipe, widthPx, heightPx));
  const { request, style, model } = recipe;
  const { page } = compose({ request, trigger: style.triggerWord, hasPhoto: request.init !== undefined });
  const art = largestWithoutLetters(page);
  const same = model === TYPESETTER_MODEL && widthPx === page.widthPx && heightPx === page.heightPx;
  // Letters of an earlier version stood elsewhere: its picture is drawn anew. A photo in it is not here any more.
  if (same && request.variation === undefined) return cropped(bytes, art);
  const plain = writeSvg({ ...page, lettering: [] });
  return cropped(new Resvg(plain, { font: { loadSystemFonts: false }, logLevel: "off" }).render().asPng(), art);
}

async function cropped(bytes: Uint8Array, { x, y, w, h }: Rect): Promise<Uint8Array> {
  return foreignImage(bytes, MAX_INPUT_PIXELS)
    .extract({ left: Math.round(x), top: Math.round(y), width: Math.floor(w), height: Math.floor(h) })
    .png()
    .toBuffer()
    .catch((cause: unknown) => {
      throw new NotAPicture("the picture cannot be decoded", { cause });
    });
}

/** The largest part of a page that crosses it and holds no letter. */
export function largestWithoutLetters({ widthPx: w, heightPx: h, lettering }: Page): Rect {
  const boxes = lettering.map(({ box }) => bounds(box));
  const rows = gaps(
    boxes.map((box) => [box.y, box.y + box.h]),
    h,
  ).map(([from, to]): Rect => ({ x: 0, y: from, w, h: to - from }));
  const columns = gaps(
    boxes.map((box) => [box.x, box.x + box.w]),
    w,
  ).map(([from, to]): Rect => ({ x: from, y: 0, w: to - from, h }));
  const largest = [...rows, ...columns].toSorted((a, b) => b.w * b.h - a.w * a.h)[0];
  return largest && Math.min(largest.w, largest.h) >= SIDE_MIN_PX ? largest : { x: 0, y: 0, w, h };
}

/** Less is no picture. */
const SIDE_MIN_PX = 48;

/** What lies between spans, from 0 to `end`. */
function gaps(spans: readonly (readonly [number, number])[], end: number): readonly (readonly [number, number])[] {
  const free: (readonly [number, number])[] = [];
  let at = 0;
  for (const [from, to] of [...spans].sort((a, b) => a[0] - b[0])) {
    if (from > at) free.push([Math.ceil(at), Math.floor(from)]);
    at = Math.max(at, to);
  }
  if (end > at) free.push([Math.ceil(at), end]);
  return free;
}

/** Of the height, what a title takes in a model's picture, roughly. */
const TITLE_SHARE = 0.26;

/** Models letter where the prompt says; where it does not say, at the top or at the bottom. */
function edgesOff({ request, style }: Recipe, w: number, h: number): Rect {
  const quoted = /["“„«]/u.test(request.prompt);
  const places = quoted
    ? readBrief({ prompt: request.finalPrompt, trigger: style.triggerWord, unwanted: "" }).phrases.map(
        ({ position }) => position,
      )
    : [];
  const anywhere = places.some((place) => place === undefined || place === "centre");
  const top = places.includes("top") || anywhere ? TITLE_SHARE * h : 0;
  const bottom = places.includes("bottom") || places.includes("below") || anywhere ? TITLE_SHARE * h : 0;
  return { x: 0, y: top, w, h: h - top - bottom };
}
