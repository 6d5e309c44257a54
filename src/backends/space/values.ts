import { withoutEngineTags } from "../../domain/prompt.ts";
import type { ImageRequest } from "../../domain/recipe.ts";
import type { Style } from "../../domain/style.ts";
import { type BackendSentence, sentence } from "../../ports/backend-sentence.ts";
import { nearestRatio } from "../shared/nearest-ratio.ts";
import type { Description, Endpoint, Role } from "./description.ts";

/** What a request asks for, by what it means to the Space. */
function valuesOf(request: ImageRequest, loraScale: number, oneNumber: boolean): Map<Role, number | string> {
  const { negativePrompt, init } = request;
  return new Map<Role, number | string>([
    ["guidance", oneNumber && request.trueCfg !== 1 ? request.trueCfg : request.guidance],
    ...(oneNumber ? [] : ([["trueCfg", request.trueCfg]] as const)),
    ["steps", request.steps],
    ["seed", request.seed],
    ["width", request.widthPx],
    ["height", request.heightPx],
    ["scale", loraScale],
    ...(negativePrompt === undefined ? [] : ([["negative", withoutEngineTags(negativePrompt)]] as const)),
    ...(init ? ([["strength", init.strength]] as const) : []),
  ]);
}

/**
 * De-distilled models (LibreFLUX) have one number, and it is true CFG: the negative prompt acts through it. Told by a
 * negative prompt without a second number.
 */
export const guidanceIsTrueCfg = ({ parameters }: Endpoint): boolean =>
  parameters.has("negative") && parameters.has("guidance") && !parameters.has("trueCfg");

/** As members call it, and what is said where the Space has no parameter for it. */
const NEEDED: Readonly<Partial<Record<Role, { readonly word: string; readonly without: BackendSentence }>>> = {
  guidance: { word: "cfg", without: sentence("backend.lacks.cfg") },
  trueCfg: { word: "truecfg", without: sentence("backend.lacks.true-cfg") },
  steps: { word: "steps", without: sentence("backend.lacks.steps") },
  seed: { word: "seed", without: sentence("backend.lacks.seed") },
  width: { word: "width", without: sentence("backend.error.rejected") },
  height: { word: "height", without: sentence("backend.error.rejected") },
  scale: { word: "scale", without: sentence("backend.lacks.scale") },
  negative: { word: "negative", without: sentence("backend.lacks.negative") },
  strength: { word: "change", without: sentence("backend.lacks.change") },
};

interface Lora {
  /** 0: none. */
  readonly loraScale: number;
  /** The Space has no LoRAs at all. */
  readonly plain: boolean;
}

/** Whether nothing was asked for that the missing parameter would have to say. */
function unasked(role: Role, request: ImageRequest, style: Style, { loraScale, plain }: Lora): boolean {
  switch (role) {
    case "guidance":
      return request.guidance === style.defaults.cfg;
    case "steps":
      return request.steps === style.defaults.steps;
    case "trueCfg":
      return request.trueCfg === 1;
    // It has sizes of its own; the picture's is told.
    case "width":
    case "height":
      return true;
    case "scale":
      return plain || loraScale === 1;
    default:
      return false;
  }
}

/**
 * The first thing of this request that the Space's own description rules out: a parameter it lacks, or a number beyond its
 * slider.
 */
export function outOfReach(
  { run }: Description,
  request: ImageRequest,
  style: Style,
  lora: Lora,
): BackendSentence | undefined {
  const [unknown] = run.unknown;
  if (unknown !== undefined) return sentence("backend.space.unknown-option", { option: unknown.slice(0, 40) });
  const oneNumber = guidanceIsTrueCfg(run);
  if (oneNumber && request.trueCfg !== 1 && request.guidance !== style.defaults.cfg)
    return sentence("backend.space.one-number");
  if (request.init && !run.parameters.has("image")) return sentence("backend.lacks.start");
  for (const [role, value] of valuesOf(request, lora.loraScale, oneNumber)) {
    const parameter = run.parameters.get(role);
    const { word, without } = NEEDED[role] ?? { word: role, without: sentence("backend.error.rejected") };
    if (!parameter) {
      if (unasked(role, request, style, lora)) continue;
      return without;
    }
    if (typeof value !== "number") continue;
    if (parameter.max !== undefined && value > parameter.max)
      return sentence("backend.space.up-to", { option: word, max: parameter.max });
    if (parameter.min !== undefined && value < parameter.min)
      return sentence("backend.space.from", { option: word, min: parameter.min });
  }
  return undefined;
}

/** "16:9", "1024x768", "Portrait (832 × 1216)". */
const SHAPE = /(\d{1,5}(?:\.\d+)?)\s*[:x×*/]\s*(\d{1,5}(?:\.\d+)?)/iu;
const ratioIn = (choice: string): number => {
  const [, width, height] = SHAPE.exec(choice) ?? [];
  return Number(width) / Number(height);
};

/** The choice of a menu of shapes that is nearest; its own preset where none of them tells its shape. */
function aspectOf(run: Endpoint, request: ImageRequest): string | undefined {
  const telling = (run.parameters.get("aspect")?.choices ?? []).filter((choice) => ratioIn(choice) > 0);
  return nearestRatio(request, telling, ratioIn);
}

export const hasOwnSizes = ({ parameters }: Endpoint): boolean => !parameters.has("width") || !parameters.has("height");

/** The named arguments of the run. `image` is what the upload gave. */
export function argumentsOf(
  run: Endpoint,
  request: ImageRequest,
  given: { readonly prompt: string; readonly loraScale: number; readonly image?: unknown },
): Record<string, unknown> {
  const values = new Map<Role, unknown>(valuesOf(request, given.loraScale, guidanceIsTrueCfg(run)));
  values.set("prompt", withoutEngineTags(given.prompt));
  values.set("randomize", false);
  // A picture has no default there: without one the Space wants to be told so.
  values.set("image", given.image ?? null);
  values.set("hiddenImage", null);
  const aspect = aspectOf(run, request);
  if (aspect !== undefined) values.set("aspect", aspect);
  if (run.parameters.has("negative") && !values.has("negative")) values.set("negative", "");
  return Object.fromEntries(
    [...run.parameters].flatMap(([role, { name }]) => (values.has(role) ? [[name, values.get(role)] as const] : [])),
  );
}
