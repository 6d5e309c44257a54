import { z } from "zod";
import { MODEL_TITLE_MAX_CHARS } from "../../domain/recipe.ts";
import { text } from "../../domain/text.ts";
import { option } from "../../ports/args.ts";
import type { Catalogue } from "../../ports/command.ts";

/** Where more than one model can draw, as far as the settings tell: what is really there only a look at each place shows. */
export function choosesModel({ backends }: Pick<Catalogue, "backends">): boolean {
  const offering = backends.filter(({ models }) => models !== undefined);
  return offering.length > 1 || offering.some(({ severalModels }) => severalModels === true);
}

export const modelOption = option(z.string().trim().min(1).max(MODEL_TITLE_MAX_CHARS), {
  about: text("option.model"),
  label: text("label.model"),
  names: "model",
}).optional();

/** The option that names a model, where there is a choice. Left out it is not asked for either, so the types hold in any case. */
export const modelArgs = (catalogue: Pick<Catalogue, "backends">): { readonly model: typeof modelOption } =>
  (choosesModel(catalogue) ? { model: modelOption } : {}) as { readonly model: typeof modelOption };
