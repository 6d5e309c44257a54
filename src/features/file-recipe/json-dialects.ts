import { z } from "zod";
import { parseForeignJson } from "../../lib/foreign-json.ts";
import { digitsIn, factOf, lorasInPrompt, numberIn, sizeIn, type Told, type ToldLora } from "./told.ts";

// Programs that write an object of names and values. They differ in the names alone, so each is a row of names.

const recordSchema = z.record(z.string(), z.unknown());
type Values = Readonly<Record<string, unknown>>;

interface Dialect {
  readonly program: string;
  /** Where the values stand in what was read; `undefined`: it is not this program's. */
  readonly valuesIn: (told: Values) => Values | undefined;
  readonly prompt: readonly string[];
  readonly negative: readonly string[];
  readonly guidance: readonly string[];
  readonly trueCfg?: readonly string[];
  readonly loras?: (values: Values) => readonly ToldLora[];
  /** Shown, and not taken over. */
  readonly facts: Readonly<Record<string, string>>;
}

const SEEDS = ["seed", "Seed"];
const STEPS = ["steps", "num_inference_steps", "Steps"];

const has = (values: Values, ...names: readonly string[]): boolean =>
  names.every((name) => Object.hasOwn(values, name));
const record = (value: unknown): Values | undefined => recordSchema.safeParse(value).data;
const textIn = (value: unknown): string => (typeof value === "string" ? value : "");

/** In this order; the last ones take what others might have written, too. */
const JSON_DIALECTS: readonly Dialect[] = [
  {
    program: "SwarmUI",
    valuesIn: (told) => record(told["sui_image_params"]),
    prompt: ["prompt"],
    negative: ["negativeprompt"],
    guidance: ["fluxguidancescale", "cfgscale"],
    trueCfg: ["cfgscale"],
    loras: (values) => pairedLoras(values["loras"], values["loraweights"]),
    facts: { sampler: "Sampler", scheduler: "Scheduler", model: "Model" },
  },
  {
    program: "InvokeAI",
    valuesIn: (told) => (has(told, "positive_prompt") ? told : undefined),
    prompt: ["positive_prompt"],
    negative: ["negative_prompt"],
    guidance: ["guidance", "cfg_scale"],
    trueCfg: ["cfg_scale"],
    loras: (values) => invokeLoras(values["loras"]),
    facts: { scheduler: "Scheduler", model: "Model" },
  },
  {
    program: "InvokeAI",
    valuesIn: (told) => olderInvoke(told),
    prompt: ["prompt"],
    negative: [],
    guidance: ["cfg_scale"],
    facts: { sampler: "Sampler", model_weights: "Model" },
  },
  {
    program: "Fooocus",
    valuesIn: (told) =>
      has(told, "metadata_scheme") ||
      textIn(told["version"]).startsWith("Fooocus") ||
      has(told, "base_model", "performance")
        ? told
        : undefined,
    prompt: ["prompt"],
    negative: ["negative_prompt"],
    guidance: ["guidance_scale"],
    loras: (values) => numberedLoras(values),
    facts: {
      sampler: "Sampler",
      scheduler: "Scheduler",
      base_model: "Model",
      refiner_model: "Refiner",
      styles: "Styles",
      performance: "Performance",
      sharpness: "Sharpness",
    },
  },
  {
    program: "RuinedFooocus",
    valuesIn: (told) => (has(told, "Prompt") && has(told, "Negative") ? told : undefined),
    prompt: ["Prompt"],
    negative: ["Negative"],
    guidance: ["cfg"],
    facts: { sampler_name: "Sampler", scheduler: "Scheduler", base_model_name: "Model" },
  },
  {
    program: "NovelAI",
    valuesIn: (told) => (has(told, "uc") && !has(told, "c") ? told : undefined),
    prompt: ["prompt"],
    negative: ["uc"],
    guidance: ["scale"],
    facts: { sampler: "Sampler", noise_schedule: "Scheduler", strength: "Strength" },
  },
  {
    program: "Draw Things",
    valuesIn: (told) => (has(told, "c") && (has(told, "sampler") || has(told, "model")) ? told : undefined),
    prompt: ["c"],
    negative: ["uc"],
    guidance: ["guidance_embed", "scale"],
    loras: (values) => listedLoras(values["lora"], "model"),
    facts: { sampler: "Sampler", model: "Model", strength: "Strength", shift: "Shift" },
  },
  {
    program: "Easy Diffusion",
    valuesIn: (told) =>
      has(told, "prompt") && (has(told, "num_inference_steps") || has(told, "use_stable_diffusion_model"))
        ? told
        : undefined,
    prompt: ["prompt", "original_prompt"],
    negative: ["negative_prompt"],
    guidance: ["guidance_scale"],
    loras: (values) => pairedLoras(values["use_lora_model"], values["lora_alpha"]),
    facts: { sampler_name: "Sampler", use_stable_diffusion_model: "Model", prompt_strength: "Strength" },
  },
  {
    program: "Civitai",
    valuesIn: (told) => civitaiExtra(told["extraMetadata"]),
    prompt: ["prompt"],
    negative: ["negativePrompt"],
    guidance: ["cfgScale"],
    facts: { sampler: "Sampler", clipSkip: "Clip skip" },
  },
  {
    program: "",
    valuesIn: (told) => (typeof told["prompt"] === "string" ? told : undefined),
    prompt: ["prompt"],
    negative: ["negative_prompt", "negativePrompt", "negative", "uc"],
    guidance: ["guidance", "guidance_scale", "cfg_scale", "cfgScale", "cfg"],
    facts: { sampler: "Sampler", sampler_name: "Sampler", scheduler: "Scheduler", model: "Model" },
  },
];

/** `undefined`: no program of the table wrote it. */
export function readJsonDialect(value: unknown): Told | undefined {
  const told = record(value);
  if (!told) return undefined;
  for (const dialect of JSON_DIALECTS) {
    const values = dialect.valuesIn(told);
    if (values) return toldBy(dialect, values);
  }
  return undefined;
}

function toldBy(dialect: Dialect, values: Values): Told {
  const first = <T>(names: readonly string[], read: (value: unknown) => T | undefined): T | undefined => {
    for (const name of names) {
      const found = Object.hasOwn(values, name) ? read(values[name]) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const prompt = first(dialect.prompt, words) ?? "";
  const second = first(dialect.trueCfg ?? [], numberIn);
  const own = first(dialect.guidance.slice(0, 1), numberIn);
  return {
    program: dialect.program === "" ? undefined : dialect.program,
    prompt,
    negative: first(dialect.negative, words) ?? "",
    seed: first(SEEDS, digitsIn),
    steps: first(STEPS, numberIn),
    guidance: first(dialect.guidance, numberIn),
    trueCfg: own === undefined ? undefined : second,
    ...sizeOf(values),
    loras: [...(dialect.loras?.(values) ?? []), ...lorasInPrompt(prompt)],
    facts: Object.entries(dialect.facts).flatMap(([name, shown]) => factOf(shown, factValue(values[name]))),
  };
}

/** Empty words are none, so that another name may have them. */
const words = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

const factValue = (value: unknown): unknown => {
  const named = z.object({ name: z.string() }).safeParse(value).data;
  return named?.name ?? (value === "None" || value === "" ? undefined : value);
};

function sizeOf(values: Values): Pick<Told, "widthPx" | "heightPx"> {
  const [widthPx, heightPx] = [numberIn(values["width"]), numberIn(values["height"])];
  if (widthPx !== undefined && heightPx !== undefined) return { widthPx, heightPx };
  return sizeIn(values["resolution"] ?? values["size"] ?? values["Resolution"]);
}

const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value.slice(0, 20) : value === undefined || value === null ? [] : [value];

const pairedLoras = (names: unknown, weights: unknown): readonly ToldLora[] =>
  list(names).flatMap((name, at) =>
    typeof name === "string" && name !== "" ? [{ name, weight: numberIn(list(weights)[at]) }] : [],
  );

const listedLoras = (value: unknown, key: string): readonly ToldLora[] =>
  list(value).flatMap((entry) => {
    const values = record(entry);
    const name = values?.[key];
    return typeof name === "string" ? [{ name, weight: numberIn(values?.["weight"]) }] : [];
  });

const invokeSchema = z.object({
  model: z
    .object({ name: z.string() })
    .or(z.object({ model_name: z.string() }))
    .optional(),
  lora: z.object({ model_name: z.string() }).optional(),
  weight: z.number().optional(),
});

const invokeLoras = (value: unknown): readonly ToldLora[] =>
  list(value).flatMap((entry) => {
    const { model, lora, weight } = invokeSchema.safeParse(entry).data ?? {};
    const name = model && ("name" in model ? model.name : model.model_name);
    const called = name ?? lora?.model_name;
    return called === undefined ? [] : [{ name: called, weight }];
  });

/** `"lora_combined_1": "name : 0.8"`. */
const numberedLoras = (values: Values): readonly ToldLora[] =>
  Array.from({ length: 20 }, (_, at) => textIn(values[`lora_combined_${at + 1}`]))
    .filter((text) => text !== "")
    .map((text) => {
      const at = text.lastIndexOf(" : ");
      return at < 0 ? { name: text } : { name: text.slice(0, at), weight: numberIn(text.slice(at + 3)) };
    });

/** A graph made on its site carries what its page showed, as text. */
function civitaiExtra(text: unknown): Values | undefined {
  try {
    return typeof text === "string" ? record(parseForeignJson(text)) : undefined;
  } catch {
    return undefined;
  }
}

const olderSchema = z.object({
  image: z.looseObject({ prompt: z.union([z.string(), z.array(z.object({ prompt: z.string() }))]) }),
});

/** `sd-metadata` of its second version. */
function olderInvoke(told: Values): Values | undefined {
  const image = olderSchema.safeParse(told).data?.image;
  if (!image) return undefined;
  const prompt = typeof image.prompt === "string" ? image.prompt : (image.prompt[0]?.prompt ?? "");
  return { ...image, model_weights: told["model_weights"], prompt };
}
