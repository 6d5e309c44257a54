import { withPlainDigits } from "../lib/number-text.ts";
import { cutText } from "../lib/text.ts";
import { ok, type Result, refuse } from "./problem.ts";
import { SIDE_MAX_PX, SIDE_MIN_PX, SIDE_STEP_PX } from "./recipe.ts";
import { listed, type Text, text } from "./text.ts";

export interface Size {
  readonly widthPx: number;
  readonly heightPx: number;
}

export interface SizePreset extends Size {
  readonly name: string;
  /** For people: "Poster". */
  readonly title: Text;
  /** "Poster, 832×1216". */
  readonly label: Text;
}

function preset(
  name: "square" | "poster" | "flyer" | "banner" | "slide" | "story",
  widthPx: number,
  heightPx: number,
): SizePreset {
  const title = text(`size.${name}`);
  return {
    name,
    widthPx,
    heightPx,
    title,
    label: text("choice.size", { name: title, width: widthPx, height: heightPx }),
  };
}

/** About one megapixel each, which FLUX models are trained on; every side a multiple of 64. */
export const SIZE_PRESETS: readonly SizePreset[] = [
  preset("square", 1024, 1024),
  preset("poster", 832, 1216),
  preset("flyer", 896, 1152),
  preset("banner", 1536, 640),
  preset("slide", 1344, 768),
  preset("story", 768, 1344),
];

const PIXELS = /^(\d{1,5})\s*[x×*]\s*(\d{1,5})(?:\s*px)?$/i;

/** A preset's name, or `832x1216` (also with ×). Sides are 256 to 1536 in steps of 64. */
export function sizeOf(typed: string): Result<Size> {
  const wanted = withPlainDigits(typed).trim().toLowerCase();
  const found = SIZE_PRESETS.find(({ name }) => name === wanted);
  if (found) return ok({ widthPx: found.widthPx, heightPx: found.heightPx });
  const [, width, height] = PIXELS.exec(wanted) ?? [];
  if (width === undefined || height === undefined) {
    const names = listed(
      SIZE_PRESETS.map(({ name }) => name),
      "commas",
    );
    return refuse({ code: "bad_args", text: text("problem.size", { names, written: cutText(typed, 40) }) });
  }
  const size = { widthPx: Number(width), heightPx: Number(height) };
  if (fits(size.widthPx) && fits(size.heightPx)) return ok(size);
  return refuse({
    code: "bad_args",
    text: text("problem.size.sides", {
      min: SIDE_MIN_PX,
      max: SIDE_MAX_PX,
      step: SIDE_STEP_PX,
      written: cutText(typed, 40),
      nearest: `${nearest(size.widthPx)}x${nearest(size.heightPx)}`,
    }),
  });
}

/** The preset of exactly this size. */
export const presetOf = (size: Size): SizePreset | undefined =>
  SIZE_PRESETS.find(({ widthPx, heightPx }) => widthPx === size.widthPx && heightPx === size.heightPx);

const fits = (px: number) => px >= SIDE_MIN_PX && px <= SIDE_MAX_PX && px % SIDE_STEP_PX === 0;
const nearest = (px: number) =>
  Math.min(SIDE_MAX_PX, Math.max(SIDE_MIN_PX, Math.round(px / SIDE_STEP_PX) * SIDE_STEP_PX));

/** The size that can be asked for whose shape is nearest to that of a picture of any size. */
export function nearestSize({ widthPx, heightPx }: Size): Size {
  const scale = Math.min(1, SIDE_MAX_PX / Math.max(widthPx, heightPx));
  return { widthPx: nearest(widthPx * scale), heightPx: nearest(heightPx * scale) };
}

/**
 * As `nearestSize`, of so many pixels at least and at most, as far as its shape allows: of the sizes around the one that is nearest
 * in shape, so that next to nothing has to be cut off.
 */
export function nearestSizeWithin(
  { widthPx, heightPx }: Size,
  { leastPixels = 0, mostPixels }: { readonly leastPixels?: number; readonly mostPixels: number },
): Size {
  const pixels = widthPx * heightPx;
  const scale = Math.sqrt(Math.max(Math.min(1, mostPixels / pixels), leastPixels / pixels));
  const about = nearestSize({ widthPx: widthPx * scale, heightPx: heightPx * scale });
  const around = [-SIDE_STEP_PX, 0, SIDE_STEP_PX];
  const sizes = around.flatMap((wider) =>
    around.map((higher) => ({ widthPx: nearest(about.widthPx + wider), heightPx: nearest(about.heightPx + higher) })),
  );
  const offShape = (size: Size) => Math.abs(Math.log((size.widthPx * heightPx) / (size.heightPx * widthPx)));
  const offSize = (size: Size) => Math.abs(Math.log((size.widthPx * size.heightPx) / (pixels * scale * scale)));
  // A shape that is a little better is not worth a picture that is a quarter smaller.
  const off = (size: Size) => offShape(size) + offSize(size) / 8;
  const fitting = sizes.filter((size) => size.widthPx * size.heightPx <= mostPixels);
  return fitting.toSorted((one, other) => off(one) - off(other))[0] ?? about;
}
