import type { Picture } from "../../domain/job.ts";
import { sizeOfRecipe } from "../../domain/recipe.ts";
import type { DocumentPicture } from "../../ports/documents.ts";
import type { BorrowedFile, PictureFiles } from "../../ports/picture-files.ts";

/** Pictures as documents read them: by path. */
export interface BorrowedPictures {
  /** `undefined`: its file is gone. Asked twice it is borrowed once. */
  of(picture: Picture): Promise<DocumentPicture | undefined>;
  letGo(): Promise<void>;
}

export function borrowPictures(files: Pick<PictureFiles, "borrow" | "lettering">): BorrowedPictures {
  const borrowed: BorrowedFile[] = [];
  const known = new Map<string, Promise<DocumentPicture | undefined>>();

  async function path(imageId: string, what: "original" | "plain"): Promise<string | undefined> {
    const file = await files.borrow(imageId, what);
    if (file) borrowed.push(file);
    return file?.path;
  }

  async function borrow({ imageId, number, recipe }: Picture): Promise<DocumentPicture | undefined> {
    const originalPath = await path(imageId, "original");
    if (originalPath === undefined) return undefined;
    const { lettering: layer, prompt } = recipe.request;
    const lettering = layer && (await files.lettering(imageId));
    // Without either the words are pixels of the original, as everywhere else.
    const plainPath = lettering && (await path(imageId, "plain"));
    return {
      imageId,
      number,
      alt: prompt,
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
    async letGo() {
      for (const file of borrowed.splice(0)) await file.letGo();
    },
  };
}
