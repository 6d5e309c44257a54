import { z } from "zod";
import type { PngText } from "../lib/png.ts";
import { lorasIn, type Recipe, recipeSchema } from "./recipe.ts";

/** The keyword of our own chunk: the recipe as JSON. */
export const RECIPE_KEYWORD = "placard";
/** The keyword that most picture programs read and write. */
const PARAMETERS_KEYWORD = "parameters";

interface Fact {
  readonly name: string;
  readonly value: string;
}

/** The texts to write into an original, for `withPngText`: ours to run again, and `parameters` for other programs. */
export function recipeToText(recipe: Recipe): readonly PngText[] {
  return [
    { keyword: PARAMETERS_KEYWORD, text: parametersText(recipe) },
    { keyword: RECIPE_KEYWORD, text: JSON.stringify(recipe) },
  ];
}

const jsonSchema = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue("not JSON");
    return z.NEVER;
  }
});
/** Several times the longest that we write: a megabyte of brackets would be unpacked into a hundred. */
const RECIPE_MAX_CHARS = 50_000;
/** A recipe as we write it; `undefined` for any other text. */
export const ourRecipe = (text: string): Recipe | undefined =>
  text.length > RECIPE_MAX_CHARS ? undefined : jsonSchema.pipe(recipeSchema).safeParse(text).data;

function parametersText(recipe: Recipe): string {
  const { request, style, backend, model, size, enlarged } = recipe;
  const loras = lorasIn(recipe);
  const facts: Fact[] = [
    { name: "Steps", value: String(request.steps) },
    { name: "CFG scale", value: String(request.trueCfg) },
    { name: "Distilled CFG Scale", value: String(request.guidance) },
    { name: "Seed", value: String(request.seed) },
    ...(request.noiseDtype === undefined ? [] : [{ name: "Noise", value: request.noiseDtype }]),
    { name: "Size", value: `${request.widthPx}x${request.heightPx}` },
    { name: "Model", value: model },
    ...(request.variation
      ? [
          { name: "Variation seed", value: String(request.variation.seed) },
          { name: "Variation seed strength", value: String(request.variation.strength) },
        ]
      : []),
    ...(request.init ? [{ name: "Denoising strength", value: String(request.init.strength) }] : []),
    { name: "Style", value: style.title },
    { name: "Lora scale", value: String(request.loraScale) },
    ...loras.map(({ reference, hash, scale }) => ({
      name: "Lora",
      value: [reference, ...(hash === undefined ? [] : [hash]), ...(scale === undefined ? [] : [`×${scale}`])].join(
        " ",
      ),
    })),
    // As other programs say that what they drew was made larger afterwards.
    ...(enlarged && size
      ? [
          { name: "Postprocess upscale by", value: String(Math.round((size.widthPx / request.widthPx) * 100) / 100) },
          { name: "Postprocess upscaler", value: enlarged.by === "model" ? enlarged.model : enlarged.by },
        ]
      : []),
    { name: "Backend", value: backend },
    { name: "Version", value: "Placard" },
  ];
  const negative = request.negativePrompt === undefined ? [] : [`Negative prompt: ${request.negativePrompt}`];
  return [
    request.finalPrompt,
    ...negative,
    facts.map(({ name, value }) => `${name}: ${quoted(value)}`).join(", "),
  ].join("\n");
}

const quoted = (value: string) => (/[,:\n"]/u.test(value) ? JSON.stringify(value) : value);
