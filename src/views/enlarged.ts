import type { Picture } from "../domain/job.ts";
import { sizeOfRecipe } from "../domain/recipe.ts";
import { type Text, text } from "../domain/text.ts";
import type { CardFacts } from "./card-facts.ts";

/** How large it was made after it was made, and by what: nobody is to take interpolation for detail. */
export function enlargedLine(
  { recipe }: Pick<Picture, "recipe">,
  { backendTitle }: Pick<CardFacts, "backendTitle">,
): Text | undefined {
  const { enlarged } = recipe;
  if (!enlarged) return undefined;
  const { widthPx, heightPx } = sizeOfRecipe(recipe);
  const size = `${widthPx}×${heightPx}`;
  switch (enlarged.by) {
    case "model":
      return text("card.enlarged.model", { size, model: enlarged.model, place: backendTitle(enlarged.backend) });
    case "drawing":
      return text("card.enlarged.drawing", { size });
    case "resampling":
      return text("card.enlarged.resampling", { size });
  }
}
