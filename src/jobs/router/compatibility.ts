import type { ImageRequest, Order } from "../../domain/recipe.ts";
import { hasLora, lorasOf, type Style, styleName } from "../../domain/style.ts";
import type { Backend, BackendFeatures } from "../../ports/backend.ts";
import { type BackendSentence, modelAway, sentence } from "../../ports/backend-sentence.ts";
import { isForeignSeed } from "./variation.ts";

/** What it honours of this picture. */
export const featuresFor = (
  backend: Pick<Backend, "features" | "featuresFor">,
  request: ImageRequest,
  style: Style,
): BackendFeatures => backend.featuresFor?.(request, style) ?? backend.features;

/** Why the model that a member asked for cannot draw there, for people; `undefined` when it can, or nobody knows yet. */
export function lacksModel(
  backend: Pick<Backend, "models">,
  { model }: Pick<ImageRequest, "model">,
  style: Style,
): BackendSentence | undefined {
  if (model === undefined) return undefined;
  const offers = backend.models ? backend.models(style) : [];
  if (!offers || offers.some(({ title }) => title === model)) return undefined;
  return modelAway(
    model,
    offers.map(({ title }) => title),
  );
}

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
  const needsLora = hasLora(style) && request.loraScale > 0;
  const loras = lorasOf(style, name).length;
  if (needsLora && features.styles === "none") return sentence("backend.lacks.styles", { style: styleName(style) });
  if (needsLora && features.styles === "listed" && loras === 0)
    return sentence("backend.lacks.style", { style: styleName(style) });
  if (needsLora && features.styles === "listed" && loras > (features.loras ?? 1))
    return sentence("backend.lacks.loras", { style: styleName(style), loras, most: features.loras ?? 1 });
  if (asked.includes("cfg") && !features.guidance) return sentence("backend.lacks.cfg");
  if (asked.includes("scale") && needsLora && !features.loraScale) return sentence("backend.lacks.scale");
  if (asked.includes("negative") && !features.negativePrompt) return sentence("backend.lacks.negative");
  // Where there is true CFG, its second pass is what reads the negative prompt: without one it would be taken and ignored.
  if (asked.includes("negative") && features.trueCfg && request.trueCfg === 1)
    return sentence("backend.lacks.negative.true-cfg");
  if (asked.includes("truecfg") && request.trueCfg !== 1 && !features.trueCfg)
    return sentence("backend.lacks.true-cfg");
  if (request.variation && features.variation === "none") return sentence("backend.lacks.vary");
  const pictures = request.edit?.keys.length ?? 0;
  if (
    request.variation &&
    pictures === 0 &&
    features.variation === "seed" &&
    !features.initImage &&
    isForeignSeed(order, name)
  )
    return sentence("backend.lacks.vary-foreign");
  if (request.init && !features.initImage) return sentence("backend.lacks.start");
  if (pictures > 0 && features.edit === undefined) return sentence("backend.lacks.edit");
  if (features.edit !== undefined && pictures > features.edit)
    return sentence("backend.lacks.edit-pictures", { most: features.edit });
  if (request.widthPx * request.heightPx > features.maxPixels)
    return sentence("backend.lacks.size", { megapixels: features.maxPixels / 1_000_000 });
  return undefined;
}
