import type { Picture } from "../../domain/job.ts";
import type { DocumentText } from "../../ports/documents.ts";

/** Everything by which the originals beside it can be made again. No names: who asked is nobody's business out there. */
export const recipesText = (pictures: readonly Picture[]): DocumentText => ({
  name: "recipes.json",
  content: `${JSON.stringify(
    {
      placard: 1,
      pictures: pictures.map(({ number, madeAtMs, sha256, recipe }) => ({
        number,
        madeAt: new Date(madeAtMs).toISOString(),
        sha256,
        recipe,
      })),
    },
    undefined,
    2,
  )}\n`,
});
