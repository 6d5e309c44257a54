import { z } from "zod";
import { givenImageFault } from "../../domain/given-image.ts";
import { ok, type Result, refuse } from "../../domain/problem.ts";
import { recipeSchema } from "../../domain/recipe.ts";
import { ourRecipe, RECIPE_KEYWORD } from "../../domain/recipe-text.ts";
import { parseForeignJson } from "../../lib/foreign-json.ts";
import { looksLikeA1111, readA1111 } from "./a1111.ts";
import { readComfyui } from "./comfyui.ts";
import { type FileText, fileTexts } from "./file-texts.ts";
import { readJsonDialect } from "./json-dialects.ts";
import { type Told, tidyTold, toldSchema } from "./told.ts";

/** As it is kept between an answer and its buttons, too. */
export const foundSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("ours"), recipe: recipeSchema }),
  z.strictObject({ kind: z.literal("other"), told: toldSchema }),
  z.strictObject({ kind: z.literal("none") }),
]);
export type FoundRecipe = z.output<typeof foundSchema>;

/** Easy Diffusion writes each value under a keyword of its own. */
const EASY_DIFFUSION = [
  "seed",
  "negative_prompt",
  "num_inference_steps",
  "guidance_scale",
  "width",
  "height",
  "sampler_name",
  "use_stable_diffusion_model",
  "use_lora_model",
  "lora_alpha",
];
/** Where programs write in a PNG. Others are not unpacked. */
const KEYWORDS = [
  RECIPE_KEYWORD,
  "parameters",
  "prompt",
  "workflow",
  "generation_data",
  "invokeai_metadata",
  "sd-metadata",
  "Dream",
  "Comment",
  "Description",
  "Title",
  "Software",
  ...EASY_DIFFUSION,
];

/** What a picture's file says about how it was made, in the words of any program known here. Never throws for what is in it. */
export async function readFileRecipe(bytes: Uint8Array): Promise<Result<FoundRecipe>> {
  const texts = await fileTexts(bytes, KEYWORDS);
  return texts.ok ? ok(recipeIn(texts.value)) : refuse(givenImageFault(texts.fault));
}

function recipeIn(texts: readonly FileText[]): FoundRecipe {
  for (const { at, text } of texts) {
    const recipe = at === RECIPE_KEYWORD ? ourRecipe(text) : undefined;
    if (recipe) return { kind: "ours", recipe };
  }
  for (const dialect of DIALECTS) {
    const told = dialect(texts);
    const tidy = told && tidyTold(told);
    if (tidy) return { kind: "other", told: tidy };
  }
  return { kind: "none" };
}

type Reader = (texts: readonly FileText[]) => Told | undefined;

/** What only one program writes goes before what several do, and a recipe before words that may be one. */
const DIALECTS: readonly Reader[] = [
  (texts) => firstOf(texts, (text) => named(toldIn(text))),
  (texts) => firstOf(texts, (text) => (looksLikeA1111(text) ? readA1111(text) : undefined)),
  (texts) => firstOf(texts, (text) => readComfyui(graphIn(text))),
  easyDiffusion,
  novelAi,
  (texts) => firstOf(texts, toldIn),
  (texts) => firstOf(texts, dreamed, ["dream"]),
  (texts) => firstOf(texts, readA1111, ["parameters"]),
  words,
];

function firstOf(
  texts: readonly FileText[],
  read: (text: string) => Told | undefined,
  only?: readonly string[],
): Told | undefined {
  for (const { at, text } of texts) {
    const told = only && !only.includes(at) ? undefined : read(text);
    if (told) return told;
  }
  return undefined;
}

const named = (told: Told | undefined): Told | undefined => (told?.program === undefined ? undefined : told);
const toldIn = (text: string): Told | undefined => readJsonDialect(jsonIn(text));

/** ComfyUI writes "prompt:{…}" into EXIF, and some of its nodes both graphs as one object, or as text within it. */
function graphIn(text: string): unknown {
  const value = jsonIn(text.replace(/^(?:prompt|workflow):/iu, ""));
  if (typeof value !== "object" || value === null) return undefined;
  for (const name of ["prompt", "workflow"]) {
    const inner = Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
    const graph = typeof inner === "string" ? jsonIn(inner) : inner;
    if (typeof graph === "object" && graph !== null && readComfyui(graph)) return graph;
  }
  return value;
}

/** Longer than a graph of thousands of nodes. */
const JSON_MAX_CHARS = 1_000_000;
const LONG_NUMBER = /\d{16}/u;

/** `undefined` for anything that is not an object. Numbers that would lose digits, as seeds do, are text. */
function jsonIn(text: string): unknown {
  if (text.length > JSON_MAX_CHARS || !/^\s*\{/u.test(text)) return undefined;
  // Python writes NaN, which is no JSON.
  for (const source of [text, text.replace(/(?<=[:,[]\s?)NaN\b/gu, "null")])
    try {
      const value = parseForeignJson(source);
      return LONG_NUMBER.test(source) ? JSON.parse(source, exact) : value;
    } catch {}
  return undefined;
}

/** ES2025's third argument of a reviver, which its types do not know yet. */
function exact(_key: string, value: unknown, ...[context]: readonly unknown[]): unknown {
  const source = typeof context === "object" && context !== null && "source" in context ? context.source : undefined;
  return typeof value === "number" && !Number.isSafeInteger(value) && /^\d+$/u.test(String(source)) ? source : value;
}

function easyDiffusion(texts: readonly FileText[]): Told | undefined {
  const values = Object.fromEntries(texts.map(({ at, text }) => [at, text]));
  return typeof values["num_inference_steps"] === "string" ? readJsonDialect(values) : undefined;
}

/** Its words stand in the description as well, and in newer ones only there. */
function novelAi(texts: readonly FileText[]): Told | undefined {
  const told = firstOf(texts, toldIn, ["comment"]);
  const source = texts.find(({ at }) => at === "software")?.text ?? "";
  if (!told || (told.program !== "NovelAI" && source !== "NovelAI")) return undefined;
  const described = texts.find(({ at }) => at === "description")?.text ?? "";
  return { ...told, program: "NovelAI", prompt: told.prompt === "" ? described : told.prompt };
}

/** InvokeAI's first version: the line that was typed. */
function dreamed(text: string): Told | undefined {
  const [, prompt, flags] = /^\s*"([^"]{0,4000})"(.*)$/su.exec(text) ?? [];
  if (prompt === undefined || flags === undefined) return undefined;
  const flag = (name: string) => new RegExp(` -${name} ?([\\w.]{1,20})`, "u").exec(flags.slice(0, 1000))?.[1];
  const number = (name: string) => (flag(name) === undefined ? undefined : Number(flag(name)));
  return {
    program: "InvokeAI",
    prompt,
    negative: "",
    seed: flag("S"),
    steps: number("s"),
    guidance: number("C"),
    widthPx: number("W"),
    heightPx: number("H"),
    loras: [],
    facts: flag("A") === undefined ? [] : [{ name: "Sampler", value: flag("A") ?? "" }],
  };
}

const SHOWN: Readonly<Record<string, string>> = {
  title: "Title",
  description: "Description",
  "exif description": "Description",
  "dc:description": "Description",
  comment: "Comment",
  "exif comment": "Comment",
  "exif:usercomment": "Comment",
  prompt: "Prompt",
  software: "Software",
  "xmp:creatortool": "Software",
};

/** No recipe, but something: it is shown as it is. */
function words(texts: readonly FileText[]): Told | undefined {
  const facts = texts.flatMap(({ at, text }) => {
    const name = Object.hasOwn(SHOWN, at) ? SHOWN[at] : undefined;
    return name === undefined || /^\s*(?:none)?\s*$/iu.test(text) ? [] : [{ name, value: text }];
  });
  return facts.length === 0 ? undefined : { prompt: "", negative: "", loras: [], facts };
}
