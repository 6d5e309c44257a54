import type { ImageRequest } from "../../domain/recipe.ts";
import type { Style } from "../../domain/style.ts";
import type { Drawing, Zone } from "./family.ts";

/** What a picture is drawn with. */
export interface Numbers {
  readonly steps: number;
  /** What the model itself follows; absent: it takes none. */
  readonly guidance?: number;
  /** Of the sampler; 1 = one pass. */
  readonly cfg: number;
}

/**
 * A request's numbers as one model takes them. What somebody asked for by name is kept. A style's own number is nobody's
 * wish: where it lies outside what this model is good for (28 steps for one that was taught four), the model's own is used.
 */
export function numbersFor(
  { steps, guidance }: Drawing,
  request: Pick<ImageRequest, "steps" | "guidance" | "trueCfg">,
  { defaults }: Pick<Style, "defaults">,
): Numbers {
  const taken = {
    steps: ownOr(request.steps, defaults.steps, steps),
  };
  switch (guidance.by) {
    case "model":
      return {
        ...taken,
        guidance: ownOr(request.guidance, defaults.cfg, guidance.strength),
        cfg: request.trueCfg,
      };
    case "second-pass":
      return { ...taken, cfg: ownOr(request.guidance, defaults.cfg, guidance.strength) };
    case "none":
      return { ...taken, cfg: request.trueCfg };
  }
}

const ownOr = (value: number, ofStyle: number, zone: Zone): number =>
  value !== ofStyle || (value >= zone.least && value <= zone.most) ? value : zone.usual;

/** For the recipe, where a number is another one than asked for: what members know as cfg is whatever guides the words. */
export function fixedBy(
  drawing: Drawing,
  request: Pick<ImageRequest, "steps" | "guidance" | "trueCfg">,
  style: Pick<Style, "defaults">,
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
