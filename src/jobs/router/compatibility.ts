import type { ImageRequest, Order } from "../../domain/recipe.ts";
import { type Style, styleName } from "../../domain/style.ts";
import type { Backend, BackendFeatures } from "../../ports/backend.ts";
import { type BackendSentence, sentence } from "../../ports/backend-sentence.ts";
import { isForeignSeed } from "./variation.ts";

/** What it honours of this picture. */
export const featuresFor = (
  backend: Pick<Backend, "features" | "featuresFor">,
  request: ImageRequest,
  style: Style,
): BackendFeatures => backend.featuresFor?.(request, style) ?? backend.features;

/**
 * Why a backend cannot do all of an order, for people; `undefined` when it can. A request is never silently weakened:
 * what is asked for by name and not honoured rules the backend out.
 */
export function cannotHonour(
  name: string,
  features: BackendFeatures,
  order: Order,
  style: Style,
): BackendSentence | undefined {
  const { request, asked } = order;
  const needsLora = Object.keys(style.lora).length > 0 && request.loraScale > 0;
  if (needsLora && features.styles === "none") return sentence("backend.lacks.styles", { style: styleName(style) });
  if (needsLora && features.styles === "listed" && style.lora[name] === undefined)
    return sentence("backend.lacks.style", { style: styleName(style) });
  if (asked.includes("cfg") && !features.guidance) return sentence("backend.lacks.cfg");
  if (asked.includes("scale") && needsLora && !features.loraScale) return sentence("backend.lacks.scale");
  if (asked.includes("negative") && !features.negativePrompt) return sentence("backend.lacks.negative");
  // Where there is true CFG, its second pass is what reads the negative prompt: without one it would be taken and ignored.
  if (asked.includes("negative") && features.trueCfg && request.trueCfg === 1)
    return sentence("backend.lacks.negative.true-cfg");
  if (asked.includes("truecfg") && request.trueCfg !== 1 && !features.trueCfg)
    return sentence("backend.lacks.true-cfg");
  if (request.variation && features.variation === "none") return sentence("backend.lacks.vary");
  if (request.variation && features.variation === "seed" && !features.initImage && isForeignSeed(order, name))
    return sentence("backend.lacks.vary-foreign");
  if (request.init && !features.initImage) return sentence("backend.lacks.start");
  const pictures = request.edit?.keys.length ?? 0;
  if (pictures > 0 && features.edit === undefined) return sentence("backend.lacks.edit");
  if (features.edit !== undefined && pictures > features.edit)
    return sentence("backend.lacks.edit-pictures", { most: features.edit });
  if (request.widthPx * request.heightPx > features.maxPixels)
    return sentence("backend.lacks.size", { megapixels: features.maxPixels / 1_000_000 });
  return undefined;
}
