import type { Picture } from "./job.ts";
import { LETTERING_BACKEND, type Recipe } from "./recipe.ts";
import { type SourceType, sourceTypeOfSeveral } from "./source-type.ts";

/**
 * Of one picture. `trainedAlgorithmicMedia`: a model made all of it. `compositeWithTrainedAlgorithmicMedia`: also where words stand
 * over it, or where a model changed what it did not make. `algorithmicMedia`: set in type by rules, which nothing was trained for.
 * `undefined`: a member's own picture, with words at the most, of which there is nothing to say.
 */
export function sourceTypeOf(recipe: Recipe): SourceType | undefined {
  const made = drawnAs(recipe);
  // A model that makes larger what it did not make invents what was not there.
  return recipe.enlarged?.by === "model" && made !== "trainedAlgorithmicMedia"
    ? "compositeWithTrainedAlgorithmicMedia"
    : made;
}

function drawnAs({ backend, typeset, request, over }: Recipe): SourceType | undefined {
  const isOfModel = over === "trainedAlgorithmicMedia" || over === "compositeWithTrainedAlgorithmicMedia";
  const hasStart = request.init !== undefined || request.edit !== undefined;
  if (typeset || backend === LETTERING_BACKEND) {
    if (isOfModel) return "compositeWithTrainedAlgorithmicMedia";
    return typeset && (!hasStart || over === "algorithmicMedia") ? "algorithmicMedia" : undefined;
  }
  const isAllOfModel = request.lettering === undefined && (!hasStart || over === "trainedAlgorithmicMedia");
  return isAllOfModel ? "trainedAlgorithmicMedia" : "compositeWithTrainedAlgorithmicMedia";
}

/** Of the picture without the words that stand over it. */
export function plainSourceTypeOf(recipe: Recipe): SourceType | undefined {
  const { lettering: _none, ...request } = recipe.request;
  return sourceTypeOf({ ...recipe, request });
}

/** Of several pictures on one sheet. */
export const sourceTypeOfAll = (pictures: readonly Pick<Picture, "recipe">[]): SourceType | undefined =>
  sourceTypeOfSeveral(pictures.map(({ recipe }) => sourceTypeOf(recipe)));
