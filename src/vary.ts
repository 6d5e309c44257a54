import type { BackendFeatures } from "./backend.ts";
import type { ImageRequest } from "./recipe.ts";

/** Image to image needs more freedom than variation noise for a change of the same size; found on FLUX-type models, not proven. */
const CHANGE_ABOVE_VARIATION = 0.2;

/**
 * Vary without a variation seed: image to image from the parent with a small change. The seed of the variation takes the
 * place of the seed, or the same press would give the same picture twice.
 */
export function asImageToImage(
  request: ImageRequest,
  features: Pick<BackendFeatures, "variation">,
  parentImageId: string | undefined,
): ImageRequest {
  const { variation, ...rest } = request;
  if (!variation || features.variation !== "image" || parentImageId === undefined) return request;
  return {
    ...rest,
    seed: variation.seed,
    init: { key: parentImageId, strength: Math.min(1, variation.strength + CHANGE_ABOVE_VARIATION) },
  };
}
