import { SIDE_MAX_PX, SIDE_MIN_PX, SIDE_STEP_PX } from "../../domain/recipe.ts";
import { presetOf, SIZE_PRESETS } from "../../domain/size.ts";
import type { OptionSpec } from "../option.ts";

// What other programs call our options: Midjourney, AUTOMATIC1111 and its forks, diffusers, ComfyUI.

/** The option for what must not be in the picture. */
export const UNWANTED = "negative";

/** Names without spaces, hyphens and underscores, in lower case. */
const CALLED: Readonly<Record<string, string>> = {
  ar: "size",
  aspect: "size",
  aspectratio: "size",
  neg: UNWANTED,
  negativeprompt: UNWANTED,
  cfgscale: "cfg",
  distilledcfgscale: "cfg",
  guidance: "cfg",
  guidancescale: "cfg",
  samplingsteps: "steps",
  numinferencesteps: "steps",
  lorascale: "scale",
};
/** Words of any sentence, unless dashes stand before them. */
const FLAGS: Readonly<Record<string, string>> = { no: UNWANTED, w: "width", h: "height" };
/** Midjourney's flags that nothing here answers to; they are no words either. */
const IDLE = new Set(
  "v version s stylize q quality chaos c weird iw niji tile raw stop sref cref cw sw fast relax turbo hd".split(" "),
);
const IDLE_ALONE = new Set(["tile", "raw", "fast", "relax", "turbo", "hd"]);
/** Options that some commands have and others have not: written with dashes or = they were no words. */
const OURS_ELSEWHERE = new Set([
  "style",
  "seed",
  "size",
  "cfg",
  "steps",
  "scale",
  "count",
  "width",
  "height",
  "change",
]);

const bare = (name: string): string => name.toLowerCase().replace(/[ _-]/gu, "");

/** Our name for what other programs call so. `flag`: dashes stand before it. */
export function ourName(name: string, flag: boolean): string | undefined {
  const key = bare(name);
  if (Object.hasOwn(CALLED, key)) return CALLED[key];
  return flag && Object.hasOwn(FLAGS, key) ? FLAGS[key] : undefined;
}

/** `alone`: no value follows it. */
export const idleFlag = (name: string): "with value" | "alone" | undefined =>
  IDLE.has(name.toLowerCase()) ? (IDLE_ALONE.has(name.toLowerCase()) ? "alone" : "with value") : undefined;

export const isOurs = (name: string): boolean => OURS_ELSEWHERE.has(name.toLowerCase());

/** A value as we write it: 16:9 is a size of that shape, -1 a seed at random. */
export function ourValue(rule: OptionSpec, value: string): string {
  if (rule.name === "seed" && value === "-1" && rule.words?.includes("random") === true) return "random";
  return rule.name === "size" ? (sizeOfRatio(value) ?? value) : value;
}

const AREA_PX = 1024 * 1024;
const RATIO = /^(\d{1,4}(?:\.\d{1,3})?)[:：∶/](\d{1,4}(?:\.\d{1,3})?)$/u;
/** A size this near to the shape asked for is it, for the eye. */
const NEAR = 0.1;

/** About a megapixel in this shape, as a preset where one has it; `undefined`: no ratio, or one too long for our sides. */
function sizeOfRatio(value: string): string | undefined {
  const [, across, down] = RATIO.exec(value) ?? [];
  const ratio = Number(across) / Number(down);
  if (!Number.isFinite(ratio) || ratio <= 0) return undefined;
  const preset = SIZE_PRESETS.find(
    ({ widthPx, heightPx }) => Math.abs(Math.log(widthPx / heightPx / ratio)) < NEAR / 2,
  );
  if (preset) return preset.name;
  const size = { widthPx: side(Math.sqrt(AREA_PX * ratio)), heightPx: side(Math.sqrt(AREA_PX / ratio)) };
  if (Math.abs(Math.log(size.widthPx / size.heightPx / ratio)) > NEAR) return undefined;
  return presetOf(size)?.name ?? `${size.widthPx}x${size.heightPx}`;
}

const side = (px: number) => Math.min(SIDE_MAX_PX, Math.max(SIDE_MIN_PX, Math.round(px / SIDE_STEP_PX) * SIDE_STEP_PX));
