import { z } from "zod";
import { type PngText, readPngText } from "../lib/png.ts";
import { type Recipe, recipeSchema } from "./recipe.ts";

/** The keyword of our own chunk: the recipe as JSON. */
const RECIPE_KEYWORD = "placard";
/** The keyword that most picture programs read and write. */
const PARAMETERS_KEYWORD = "parameters";

interface Fact {
  readonly name: string;
  readonly value: string;
}

export type FoundRecipe =
  | { readonly kind: "ours"; readonly recipe: Recipe }
  | { readonly kind: "a1111"; readonly prompt: string; readonly negative?: string; readonly facts: readonly Fact[] }
  | { readonly kind: "none" };

/** The texts to write into an original, for `withPngText`: ours to run again, and `parameters` for other programs. */
export function recipeToText(recipe: Recipe): readonly PngText[] {
  return [
    { keyword: PARAMETERS_KEYWORD, text: parametersText(recipe) },
    { keyword: RECIPE_KEYWORD, text: JSON.stringify(recipe) },
  ];
}

/** What a PNG says about how it was made. Never throws; anything that is not a readable PNG says nothing. */
export async function readRecipe(bytes: Uint8Array): Promise<FoundRecipe> {
  const texts = await readPngText(bytes, [RECIPE_KEYWORD, PARAMETERS_KEYWORD]);
  for (const { keyword, text } of texts) {
    const recipe = keyword === RECIPE_KEYWORD ? ourRecipe(text) : undefined;
    if (recipe) return { kind: "ours", recipe };
  }
  const parameters = texts.find(({ keyword }) => keyword.toLowerCase() === PARAMETERS_KEYWORD);
  return parameters === undefined ? { kind: "none" } : readParameters(parameters.text);
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
const ourRecipe = (text: string): Recipe | undefined =>
  text.length > RECIPE_MAX_CHARS ? undefined : jsonSchema.pipe(recipeSchema).safeParse(text).data;

function parametersText({ request, style, backend, model, lora }: Recipe): string {
  const facts: Fact[] = [
    { name: "Steps", value: String(request.steps) },
    { name: "CFG scale", value: String(request.trueCfg) },
    { name: "Distilled CFG Scale", value: String(request.guidance) },
    { name: "Seed", value: String(request.seed) },
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
    ...(lora
      ? [{ name: "Lora", value: lora.hash === undefined ? lora.reference : `${lora.reference} ${lora.hash}` }]
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

const NEGATIVE = "Negative prompt:";
/** Longer than any program's: what lies beyond is not looked at. */
const PARAMETERS_MAX_CHARS = 20_000;
const FACTS_MAX = 100;
const FACT_MAX_CHARS = 500;

/**
 * The `parameters` text of A1111, Forge, SD.Next and their like: the prompt, "Negative prompt: …", and a last line of
 * `Name: value` pairs. Never throws.
 */
export function readParameters(text: string): FoundRecipe {
  const lines = text.slice(0, PARAMETERS_MAX_CHARS).replace(/\r\n?/gu, "\n").trim().split("\n");
  const last = lines.at(-1) ?? "";
  // Their own readers ask for three pairs, so that a last line such as "mood: calm" stays a part of the prompt.
  const facts = factsOf(last);
  const hasFacts = facts.length >= 3 || (facts.length > 0 && /^Steps: \d/u.test(last));
  const words = hasFacts ? lines.slice(0, -1) : lines;
  const at = words.findIndex((line) => line.trimStart().startsWith(NEGATIVE));
  const prompt = (at < 0 ? words : words.slice(0, at)).join("\n").trim();
  const negative = at < 0 ? "" : words.slice(at).join("\n").trim().slice(NEGATIVE.length).trim();
  if (prompt === "" && negative === "" && !hasFacts) return { kind: "none" };
  return { kind: "a1111", prompt, ...(negative !== "" && { negative }), facts: hasFacts ? facts : [] };
}

// A name, then a quoted value with escapes ("Lora hashes: \"a: 1, b: 2\"") or anything up to the next comma.
const FACT = /\s*([\p{L}\p{N}][^:,\n"]{0,60}):\s*("(?:\\.|[^\\"])*"|[^,\n]*)(?:,|$)/uy;

function factsOf(line: string): readonly Fact[] {
  const facts: Fact[] = [];
  FACT.lastIndex = 0;
  while (facts.length < FACTS_MAX && FACT.lastIndex < line.length) {
    const from = FACT.lastIndex;
    const [, name, value] = FACT.exec(line) ?? [];
    if (name === undefined || value === undefined) {
      // Not a pair: go on behind the next comma.
      const comma = line.indexOf(",", from);
      if (comma < 0) break;
      FACT.lastIndex = comma + 1;
      continue;
    }
    facts.push({ name: name.trim(), value: unquoted(value.trim()).slice(0, FACT_MAX_CHARS) });
  }
  return facts;
}

function unquoted(value: string): string {
  return z.string().safeParse(value.startsWith('"') ? jsonSchema.safeParse(value).data : value).data ?? value;
}
