import { pendingInputId, pendingOffersId, pendingQuoteOffersId, pendingRecipesId } from "../../domain/ids.ts";
import { recipeToText } from "../../domain/recipe-text.ts";
import { hasManifest } from "../../lib/c2pa-part.ts";
import { pngTextParts, stripPng } from "../../lib/png.ts";
import type { DocumentFiles } from "../../ports/document-files.ts";
import type { ForgetPlan, ForgettableFiles } from "../../ports/forgetting.ts";
import type { PictureFiles } from "../../ports/picture-files.ts";

/** What stands between a question and its answer, for each chat and account. */
const PENDING = [pendingInputId, pendingRecipesId, pendingOffersId, pendingQuoteOffersId];

/** Files of somebody who is forgotten. Twice is harmless. */
export async function forgetFiles(
  { files, documents }: { readonly files: PictureFiles; readonly documents: Pick<DocumentFiles, "remove"> },
  plan: ForgetPlan,
  found: ForgettableFiles,
): Promise<void> {
  for (const imageId of found.imageIds) await files.remove(imageId);
  const repeats = repeatsAny(found.words);
  for (const each of found.wordless) await withoutWords(files, each, repeats);
  for (const key of found.inputKeys) await files.removeInput(key);
  for (const documentId of found.documentIds) await documents.remove(documentId);
  for (const { id } of plan.accounts)
    for (const chatKey of found.chatKeys)
      for (const pending of PENDING) await files.removeInput(`input/${pending(chatKey, id)}`);
}

/**
 * The same picture under a recipe without words. What a far end has sealed never had our recipe in it and keeps its seal, unless the far
 * end itself wrote the words into it.
 */
async function withoutWords(
  files: PictureFiles,
  { imageId, recipe }: ForgettableFiles["wordless"][number],
  repeats: (file: Uint8Array) => boolean,
): Promise<void> {
  await files.forgetLettering(imageId);
  const sealed = await files.sealed(imageId);
  if (sealed && repeats(sealed)) await files.saveSealed(imageId, undefined);
  const original = await files.original(imageId);
  if (!original || (hasManifest(original) && !repeats(original))) return;
  await files.save(imageId, pngTextParts(stripPng(original), recipeToText(recipe)));
}

/** Shorter ones stand in pixels by chance. */
const MIN_BYTES = 4;
/** As they are, as they stand in JSON, and as EXIF has comments. */
function repeatsAny(words: readonly string[]): (file: Uint8Array) => boolean {
  const written = words.flatMap((each) => [
    Buffer.from(each),
    Buffer.from(JSON.stringify(each).slice(1, -1)),
    Buffer.from(each, "utf16le"),
    Buffer.from(each, "utf16le").swap16(),
  ]);
  const needles = written.filter(({ length }) => length >= MIN_BYTES);
  return (file) => {
    const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
    return needles.some((each) => bytes.includes(each));
  };
}
