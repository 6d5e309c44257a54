import type { ImageRequest } from "../../domain/recipe.ts";
import { hasLora, type Style, styleSchema } from "../../domain/style.ts";
import type { Drawing, Zone } from "./family.ts";

/** What a picture is drawn with. */
export interface Numbers {
  readonly steps: number;
  /** What the model itself follows; absent: it takes none. */
  readonly guidance?: number;
  /** Of the sampler; 1 = one pass. */
  readonly cfg: number;
}

type Asked = Pick<ImageRequest, "steps" | "guidance" | "trueCfg" | "model">;

/** Where a styles file says nothing. */
const UNSAID = styleSchema.parse({ id: "none", title: "-" }).defaults;

/**
 * A request's numbers as one model takes them. What somebody asked for by name is kept. A style's own number is nobody's
 * wish: where it lies outside what this model is good for (28 steps for one that was taught four), the model's own is used;
 * so it is where a member named the model, and the styles file no number.
 */
export function numbersFor(
  { steps, guidance }: Drawing,
  request: Asked,
  style: Pick<Style, "defaults"> & Partial<Pick<Style, "lora">>,
): Numbers {
  const { defaults } = style;
  const isModels = request.model !== undefined && !hasLora({ lora: style.lora ?? {} });
  const ownOr = (value: number, ofStyle: "steps" | "cfg", zone: Zone): number => {
    if (value !== defaults[ofStyle]) return value;
    return value >= zone.least && value <= zone.most && !(isModels && value === UNSAID[ofStyle]) ? value : zone.usual;
  };
  const taken = {
    steps: ownOr(request.steps, "steps", steps),
  };
  switch (guidance.by) {
    case "model":
      return {
        ...taken,
        guidance: ownOr(request.guidance, "cfg", guidance.strength),
        cfg: request.trueCfg,
      };
    case "second-pass":
      return { ...taken, cfg: ownOr(request.guidance, "cfg", guidance.strength) };
    case "none":
      return { ...taken, cfg: request.trueCfg };
  }
}

/**
 * What an edit asks of a model: a style's own numbers are made for another task, so where nobody named one it is the model's
 * own.
 */
export const askedOfEditor = <R extends Pick<ImageRequest, "steps" | "guidance">>(
  { steps, guidance }: Drawing,
  request: R,
  { defaults }: Pick<Style, "defaults">,
): R => ({
  ...request,
  steps: request.steps === defaults.steps ? steps.usual : request.steps,
  guidance: request.guidance === defaults.cfg && guidance.by !== "none" ? guidance.strength.usual : request.guidance,
});

/** For the recipe, where a number is another one than asked for: what members know as cfg is whatever guides the words. */
export function fixedBy(
  drawing: Drawing,
  request: Asked,
  style: Pick<Style, "defaults"> & Partial<Pick<Style, "lora">>,
): { readonly steps: number; readonly guidance: number } {
  const { steps, guidance, cfg } = numbersFor(drawing, request, style);
  return { steps, guidance: guidance ?? (drawing.guidance.by === "second-pass" ? cfg : 1) };
}

/** The features of a backend that depend on the model it draws with. */
export const honouredBy = ({ guidance, honours, sizes }: Drawing) => ({
  guidance: guidance.by !== "none",
  trueCfg: honours.trueCfg,
  negativePrompt: honours.negative,
  initImage: honours.startPicture,
  maxPixels: sizes.mostPixels,
});
