import type { Picture } from "../../domain/job.ts";
import { sourceTypeOf } from "../../domain/made-by.ts";
import { sizeOfRecipe } from "../../domain/recipe.ts";
import type { DocumentPicture } from "../../ports/documents.ts";
import type { BorrowedFile, PictureFiles } from "../../ports/picture-files.ts";
import { altOf } from "../../views/picture.ts";
import type { DocumentWords } from "./words.ts";

/** Pictures as documents read them: by path. */
export interface BorrowedPictures {
  /** `undefined`: its file is gone. Asked twice it is borrowed once. */
  of(picture: Picture): Promise<DocumentPicture | undefined>;
  /** Where a chat's logo lies; `undefined`: it is gone. */
  logo(key: string): Promise<string | undefined>;
  letGo(): Promise<void>;
}

export function borrowPictures(
  files: Pick<PictureFiles, "borrow" | "borrowLogo" | "lettering">,
  { say }: Pick<DocumentWords, "say">,
): BorrowedPictures {
  const borrowed: BorrowedFile[] = [];
  const known = new Map<string, Promise<DocumentPicture | undefined>>();

  async function pathOf(borrowing: Promise<BorrowedFile | undefined>): Promise<string | undefined> {
    const file = await borrowing;
    if (file) borrowed.push(file);
    return file?.path;
  }

  async function borrow({ imageId, number, recipe, madeAtMs }: Picture): Promise<DocumentPicture | undefined> {
    const originalPath = await pathOf(files.borrow(imageId, "original"));
    if (originalPath === undefined) return undefined;
    const { lettering: layer } = recipe.request;
    const made = sourceTypeOf(recipe);
    const lettering = layer && (await files.lettering(imageId));
    // Without either the words are pixels of the original, as everywhere else.
    const plainPath = lettering && (await pathOf(files.borrow(imageId, "plain")));
    return {
      imageId,
      number,
      alt: say(altOf(recipe)),
      words: recipe.request.prompt,
      ...(made === undefined ? {} : { made }),
      madeAtMs,
      ...sizeOfRecipe(recipe),
      originalPath,
      ...(plainPath === undefined || lettering === undefined ? {} : { plainPath, lettering }),
    };
  }

  return {
    of(picture) {
      const before = known.get(picture.imageId) ?? borrow(picture);
      known.set(picture.imageId, before);
      return before;
    },
    logo: (key) => pathOf(files.borrowLogo(key)),
    async letGo() {
      for (const file of borrowed.splice(0)) await file.letGo();
    },
  };
}
