import { z } from "zod";
import { createKeyedSerial } from "../lib/serial.ts";
import type { KeptRecipe } from "../ports/outcome.ts";
import type { PictureFiles } from "../ports/picture-files.ts";

/** What the files said that a member asked about, between the answer and its buttons. */
export interface PendingRecipes {
  /** Newest first; the oldest beyond five is let go. */
  add(inputId: string, recipe: KeptRecipe): Promise<void>;
  get(inputId: string, id: string): Promise<string | undefined>;
}

const KEPT_MAX = 5;
const keptSchema = z.array(z.strictObject({ id: z.string(), json: z.string() }));

export function createPendingRecipes(files: Pick<PictureFiles, "saveInput" | "input">): PendingRecipes {
  const oneByOne = createKeyedSerial();
  async function read(inputId: string): Promise<readonly KeptRecipe[]> {
    const bytes = await files.input(`input/${inputId}`);
    if (!bytes) return [];
    try {
      return keptSchema.parse(JSON.parse(Buffer.from(bytes).toString("utf8")));
    } catch {
      // Written by another version: as if it had been let go.
      return [];
    }
  }
  return {
    add: (inputId, recipe) =>
      oneByOne.run(inputId, async () => {
        const others = (await read(inputId)).filter(({ id }) => id !== recipe.id);
        const kept = [recipe, ...others].slice(0, KEPT_MAX);
        await files.saveInput(inputId, Buffer.from(JSON.stringify(kept)));
      }),
    get: async (inputId, id) => (await read(inputId)).find((recipe) => recipe.id === id)?.json,
  };
}
