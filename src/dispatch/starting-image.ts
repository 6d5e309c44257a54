import { givenImageAs } from "../domain/given-image.ts";
import { marked, saidOf } from "../domain/marked.ts";
import { ok, type Result } from "../domain/problem.ts";
import { SIDE_MAX_PX } from "../domain/recipe.ts";
import { ourRecipe, RECIPE_KEYWORD } from "../domain/recipe-text.ts";
import { readPngText, withPngText } from "../lib/png.ts";

/**
 * A member's picture made safe to keep and to send on: decoded within limits, turned upright, without its metadata but for our
 * own recipe, by which a sketch knows an earlier poster and leaves its letters out, and the word that a model made it.
 */
export async function startingImage(bytes: Uint8Array): Promise<Result<Uint8Array>> {
  const made = await givenImageAs(bytes, (image) =>
    image
      .rotate()
      .resize({ width: SIDE_MAX_PX, height: SIDE_MAX_PX, fit: "inside", withoutEnlargement: true })
      .png()
      .toBuffer(),
  );
  if (!made.ok) return made;
  const recipe = (await readPngText(bytes, [RECIPE_KEYWORD])).find(({ text }) => ourRecipe(text));
  const kept = recipe ? withPngText(made.value, [{ keyword: RECIPE_KEYWORD, text: recipe.text }]) : made.value;
  return ok(marked(kept, saidOf(bytes)));
}
