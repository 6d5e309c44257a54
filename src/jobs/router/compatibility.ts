import type { Order } from "../../domain/recipe.ts";
import type { Style } from "../../domain/style.ts";
import type { BackendFeatures } from "../../ports/backend.ts";
import { isForeignSeed } from "./variation.ts";

/**
 * Why a backend cannot do all of an order, for people; `undefined` when it can. A request is never silently weakened:
 * what is asked for by name and not honoured rules the backend out.
 */
export function cannotHonour(name: string, features: BackendFeatures, order: Order, style: Style): string | undefined {
  const { request, asked } = order;
  const needsLora = Object.keys(style.lora).length > 0 && request.loraScale > 0;
  if (needsLora && features.styles === "none") return `has no LoRAs, so not the style ${style.title}`;
  if (needsLora && features.styles === "listed" && style.lora[name] === undefined)
    return `has no LoRA for the style ${style.title}`;
  if (asked.includes("cfg") && !features.guidance) return "takes no cfg";
  if (asked.includes("scale") && needsLora && !features.loraScale) return "takes no scale";
  if (asked.includes("negative") && !features.negativePrompt) return "does not know a negative prompt";
  // Where there is true CFG, its second pass is what reads the negative prompt: without one it would be taken and ignored.
  if (asked.includes("negative") && features.trueCfg && request.trueCfg === 1)
    return "follows a negative prompt only with true CFG: add truecfg:2";
  if (asked.includes("truecfg") && request.trueCfg !== 1 && !features.trueCfg) return "does not know true CFG";
  if (request.variation && features.variation === "none") return "cannot vary a picture";
  if (request.variation && features.variation === "seed" && !features.initImage && isForeignSeed(order, name))
    return "cannot vary a picture that was made elsewhere";
  if (request.init && !features.initImage) return "cannot start from a picture";
  if (request.widthPx * request.heightPx > features.maxPixels)
    return `makes at most ${(features.maxPixels / 1_000_000).toFixed(1)} megapixels`;
  return undefined;
}
