import type { ImageRequest, Order } from "../../domain/recipe.ts";
import type { BackendFeatures } from "../../ports/backend.ts";

/** Image to image needs more freedom than variation noise for a change of the same size; found on FLUX-type models, not proven. */
const CHANGE_ABOVE_VARIATION = 0.2;

/** A seed of one backend is another composition on the next: there a variation of it would be just another picture. */
export const isForeignSeed = (order: Pick<Order, "lineage">, backend: string): boolean =>
  order.lineage?.sameSeedOn !== undefined && order.lineage.sameSeedOn !== backend;

/**
 * Vary where a variation seed is of no use: image to image from the parent with a small change. The seed of the variation
 * takes the place of the seed, or the same press would give the same picture twice. Of a picture that words change: the change once
 * more, with that seed.
 */
export function asImageToImage(
  request: ImageRequest,
  backend: { readonly name: string; readonly features: Pick<BackendFeatures, "variation" | "initImage"> },
  order: Pick<Order, "lineage">,
): ImageRequest {
  const { variation, ...rest } = request;
  const { features } = backend;
  // What words change stays near the picture that they change: another seed is another take of the same.
  if (variation && rest.edit && (features.variation !== "seed" || isForeignSeed(order, backend.name)))
    return features.variation === "none" ? request : { ...rest, seed: variation.seed };
  const bySeed = features.variation === "seed" && !(isForeignSeed(order, backend.name) && features.initImage);
  if (!variation || !order.lineage || features.variation === "none" || bySeed) return request;
  return {
    ...rest,
    seed: variation.seed,
    init: { key: order.lineage.parentImageId, strength: Math.min(1, variation.strength + CHANGE_ABOVE_VARIATION) },
  };
}
