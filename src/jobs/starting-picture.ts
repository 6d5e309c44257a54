import { parseImageId } from "../domain/ids.ts";
import { ourRecipe, RECIPE_KEYWORD } from "../domain/recipe-text.ts";
import { readPngText } from "../lib/png.ts";
import type { PictureFiles } from "../ports/picture-files.ts";

/**
 * What a picture begins with: a member's, or one of ours without the words that stand over it. With them it would have words in
 * its paint, beside those that are set again. `undefined`: it is gone.
 */
export async function startingPicture(
  key: string,
  files: Pick<PictureFiles, "original" | "plain" | "input">,
): Promise<Uint8Array | undefined> {
  if (!parseImageId(key)) return files.input(key);
  const plain = await files.plain(key);
  if (plain) return plain;
  const original = await files.original(key);
  return original && (await isLettered(original)) ? undefined : original;
}

async function isLettered(original: Uint8Array): Promise<boolean> {
  const texts = await readPngText(original, [RECIPE_KEYWORD]);
  return texts.some(({ text }) => ourRecipe(text)?.request.lettering !== undefined);
}
