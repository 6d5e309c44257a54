import { z } from "zod";
import { cutText } from "../../lib/text.ts";
import { withoutUnseen } from "../../lib/unseen.ts";
import { cleanPrompt } from "../draw/advice.ts";

const factSchema = z.strictObject({ name: z.string(), value: z.string() });
export type Fact = z.output<typeof factSchema>;

const loraSchema = z.strictObject({
  /** As the file calls it. */
  name: z.string(),
  weight: z.number().optional(),
});
export type ToldLora = z.output<typeof loraSchema>;

/** What a file of another program says about how it was made. Nothing in it is checked against what can be made here. */
export const toldSchema = z.strictObject({
  /** Its product's name, where it is known. */
  program: z.string().optional(),
  prompt: z.string(),
  negative: z.string(),
  /** In digits: other programs have seeds that no number holds. */
  seed: z.string().optional(),
  steps: z.number().optional(),
  /** FLUX's distilled guidance, or the only one there is. */
  guidance: z.number().optional(),
  /** A second guidance beside it. */
  trueCfg: z.number().optional(),
  widthPx: z.number().optional(),
  heightPx: z.number().optional(),
  loras: z.array(loraSchema).readonly(),
  /** All else it says: sampler, model, and so on. */
  facts: z.array(factSchema).readonly(),
});
export type Told = z.output<typeof toldSchema>;

const PROMPT_MAX_CHARS = 20_000;
const LORAS_MAX = 20;
const FACTS_MAX = 60;
const NAME_MAX_CHARS = 60;
const VALUE_MAX_CHARS = 500;

/** Without signs that nobody sees or that turn the line around, and no longer than anybody reads; `undefined`: it says nothing. */
export function tidyTold(told: Told): Told | undefined {
  const tidy: Told = {
    ...told,
    prompt: tidyLines(told.prompt),
    negative: tidyLines(told.negative),
    loras: told.loras
      .map(({ name, weight }) => ({ name: tidyLine(name, VALUE_MAX_CHARS), weight: finite(weight) }))
      .filter(({ name }) => name !== "")
      .slice(0, LORAS_MAX),
    facts: told.facts
      .map(({ name, value }) => ({ name: tidyLine(name, NAME_MAX_CHARS), value: tidyLine(value, VALUE_MAX_CHARS) }))
      .filter(({ name, value }) => name !== "" && value !== "")
      .slice(0, FACTS_MAX),
    seed: told.seed === undefined || !/^\d{1,20}$/u.test(told.seed) ? undefined : told.seed.replace(/^0+(?=\d)/u, ""),
    steps: finite(told.steps),
    guidance: finite(told.guidance),
    trueCfg: finite(told.trueCfg),
    widthPx: finite(told.widthPx),
    heightPx: finite(told.heightPx),
  };
  const { prompt, negative, seed, steps, guidance, widthPx, loras, facts } = tidy;
  const numbers = [seed, steps, guidance, widthPx].some((value) => value !== undefined);
  return prompt === "" && negative === "" && !numbers && loras.length + facts.length === 0 ? undefined : tidy;
}

const finite = (value: number | undefined): number | undefined =>
  value !== undefined && Number.isFinite(value) && value >= 0 ? value : undefined;

/** Cut before it is cleaned, too: a megabyte would be walked several times. */
const tidyLine = (written: string, maxChars: number): string =>
  cutText(cleanPrompt(written.slice(0, 4 * maxChars)), maxChars);

const tidyLines = (written: string): string =>
  withoutUnseen(written.slice(0, PROMPT_MAX_CHARS).toWellFormed())
    .replace(/\r\n?/gu, "\n")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the point
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu, "")
    .trim();

// What readers of dialects share.

const LORA_TAG = /<\s*(?:lora|lyco)\s*:([^:<>]{1,200})(?::([^<>]{0,60}))?>/giu;

/** `<lora:name:0.8>` of the A1111 family; prompts are tags' home in every program that learnt from it. */
export const lorasInPrompt = (prompt: string): readonly ToldLora[] =>
  [...prompt.slice(0, PROMPT_MAX_CHARS).matchAll(LORA_TAG)]
    .slice(0, LORAS_MAX)
    .map(([, name = "", weight = ""]) => ({ name, weight: numberIn(weight.split(":")[0]) }));

/** A number, or one written as text; `undefined` for all else. */
export function numberIn(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^\s*-?\d{1,12}(?:\.\d{1,12})?\s*$/u.test(value) ? Number(value) : undefined;
}

/** A seed's digits. */
export const digitsIn = (value: unknown): string | undefined =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0
    ? String(value)
    : typeof value === "string" && /^\d{1,20}$/u.test(value.trim())
      ? value.trim()
      : undefined;

/** "832x1216", "832 × 1216", "(832, 1216)". */
export function sizeIn(value: unknown): Pick<Told, "widthPx" | "heightPx"> {
  const [, width, height] =
    typeof value === "string" ? (/^\(?\s*(\d{1,5})\s*[x×*,]\s*(\d{1,5})\s*\)?$/iu.exec(value.trim()) ?? []) : [];
  return width === undefined || height === undefined ? {} : { widthPx: Number(width), heightPx: Number(height) };
}

/** As a fact shows it; `undefined` where there is nothing to show. */
export const factOf = (name: string, value: unknown): readonly Fact[] =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? [{ name, value: String(value) }]
    : [];
