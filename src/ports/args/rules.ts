import { z } from "zod";
import type { Spoken } from "../../domain/spoken.ts";
import { listed, sentences, type Text, text, verbatim } from "../../domain/text.ts";
import { editDistance } from "../../lib/edit-distance.ts";
import { decimalNumberText, type NumberText, wholeNumberText } from "../../lib/number-text.ts";
import { cutText } from "../../lib/text.ts";
import type { OptionSpec } from "../option.ts";
import { choiceOf, isWord } from "./words.ts";

export interface ArgsRule {
  readonly options: readonly OptionSpec[];
}

/** Our own metadata, typed where it is written (`OptionMeta`). */
const ownText = z.custom<Text>((given) => given !== undefined);
const metaSchema = z.object({
  type: z.string().optional(),
  description: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  multipleOf: z.number().optional(),
  maxLength: z.number().optional(),
  default: z.unknown().optional(),
  rest: z.boolean().optional(),
  phrase: z.boolean().optional(),
  attachment: z.boolean().optional(),
  about: ownText.optional(),
  label: ownText.optional(),
  labels: z.record(z.string(), ownText).optional(),
  suggestions: z.array(z.object({ value: z.string(), label: ownText })).optional(),
  fallback: ownText.optional(),
  spare: z.boolean().optional(),
  names: z.enum(["prompt", "seed", "picture", "job", "command", "member", "model"]).optional(),
  picks: z.object({ of: z.enum(["roles", "channels", "members"]), none: z.string(), weighted: z.boolean() }).optional(),
});
const propertySchema = metaSchema.extend({ anyOf: z.array(metaSchema).optional() });
type Property = z.output<typeof metaSchema>;

/** @throws Error when the schema cannot be an option list: our own mistake, found when the program starts */
export function rulesOf(commandName: string, args: z.ZodObject): ArgsRule {
  const schema = z.toJSONSchema(args, { io: "input", unrepresentable: "any" });
  const required = new Set(schema.required ?? []);
  const options = Object.entries(schema.properties ?? {}).map(([name, property]) =>
    ruleOf(name, propertySchema.parse(property), required.has(name)),
  );
  if (options.filter(({ rest }) => rest).length > 1)
    throw new Error(`/${commandName} has two options that take the rest`);
  return { options };
}

function ruleOf(name: string, given: z.output<typeof propertySchema>, required: boolean): OptionSpec {
  const branches: readonly Property[] = given.anyOf ?? [given];
  const main = branches.find(({ type }) => type === "integer" || type === "number") ?? branches[0] ?? given;
  const kind = given.attachment ? "attachment" : kindOf(main);
  const numeric = kind === "integer" || kind === "number";
  const words = numeric || kind === "attachment" ? branches.flatMap(wordsOf) : [];
  const enforced = kind === "text" ? branches.flatMap(wordsOf) : [];
  const choices = (enforced.length > 0 ? enforced : (given.suggestions ?? []).map(({ value }) => value)).map(
    (value) => ({
      value,
      label: given.labels?.[value] ?? given.suggestions?.find((one) => one.value === value)?.label ?? verbatim(value),
    }),
  );
  const fallback =
    given.fallback ?? choices.find(({ value }) => value === given.default)?.label ?? textOf(given.default);
  return {
    name,
    ...(given.label !== undefined && { label: given.label }),
    summary: given.about ?? verbatim(given.description ?? name),
    kind,
    // A file cannot be declared optional in JSON Schema's terms when its schema is `custom`, so `required` is trusted.
    required,
    rest: given.rest ?? false,
    ...(given.phrase && { phrase: true as const }),
    ...(choices.length > 0 && { choices }),
    ...(numeric && main.minimum !== undefined && main.minimum > Number.MIN_SAFE_INTEGER && { min: main.minimum }),
    ...(numeric && main.maximum !== undefined && main.maximum < Number.MAX_SAFE_INTEGER && { max: main.maximum }),
    ...(main.multipleOf !== undefined && { step: main.multipleOf }),
    ...(main.maxLength !== undefined && { maxChars: main.maxLength }),
    ...(given.names !== undefined && { names: given.names }),
    ...(given.spare && { spare: true as const }),
    ...(given.picks !== undefined && { picks: given.picks }),
    ...(fallback !== undefined && { fallback }),
    ...(words.length > 0 && { words }),
    ...(choices.length > 0 && enforced.length === 0 && { openChoices: true as const }),
  };
}

const kindOf = ({ type }: Property): OptionSpec["kind"] =>
  type === "integer" || type === "number" || type === "boolean" ? type : "text";

const wordsOf = (property: Property): readonly string[] =>
  [...(property.enum ?? []), property.const].filter((word) => typeof word === "string");

function textOf(value: unknown): Text | undefined {
  if (typeof value === "boolean") return value ? text("choice.yes") : text("choice.no");
  return typeof value === "string" || typeof value === "number" ? verbatim(String(value)) : undefined;
}

const YES = ["yes", "y", "on", "true", "1"];
const NO = ["no", "n", "off", "false", "0"];

/** A number as this option takes them; `none` for options that take none. */
export const numberIn = (rule: Pick<OptionSpec, "kind">, written: string): NumberText =>
  rule.kind === "integer"
    ? wholeNumberText(written)
    : rule.kind === "number"
      ? decimalNumberText(written)
      : { is: "none" };

/** `undefined`: neither. */
export function yesOrNo(written: string, spoken: Spoken): boolean | undefined {
  const is = (words: readonly string[]) => words.some((word) => isWord(word, written, spoken));
  return is(YES) ? true : is(NO) ? false : undefined;
}

/** A raw value in the option's own type where it can be read as one, else unchanged, for the schema to refuse. */
export function readValue(rule: OptionSpec, given: unknown, spoken: Spoken): unknown {
  if (given === null || given === undefined) return undefined;
  if (rule.kind === "text" && (typeof given === "number" || typeof given === "boolean")) return String(given);
  if (typeof given !== "string") return given;
  const written = given.trim();
  if (written === "") return rule.required && rule.kind === "text" ? given : undefined;
  switch (rule.kind) {
    case "integer":
    case "number": {
      const read = numberIn(rule, written);
      return read.is === "number" ? read.value : (rule.words?.find((word) => isWord(word, written, spoken)) ?? given);
    }
    case "boolean":
      return yesOrNo(written, spoken) ?? given;
    case "text":
      return choiceOf(rule, written, spoken) ?? given;
    case "attachment":
      return undefined;
  }
}

const WROTE_MAX_CHARS = 40;

/** What is wrong with a value, in a member's words. `said`: what the schema's own check has to say. */
export function describeValue(rule: OptionSpec, given: unknown, said?: Text): Text {
  const option = rule.name;
  const empty = given === undefined || given === null || (typeof given === "string" && given.trim() === "");
  if (empty && rule.kind === "attachment") return text("problem.option.file.missing", { option });
  if (empty) return text("problem.option.missing", { option, about: rule.summary });
  const wrote =
    typeof given === "object" ? undefined : text("problem.wrote", { written: cutText(String(given), WROTE_MAX_CHARS) });
  if (said !== undefined) return sentences(text("problem.option.says", { option, what: said }), wrote);
  if (rule.kind === "boolean") return sentences(text("problem.option.yes-no", { option }), wrote);
  if (rule.kind === "integer" || rule.kind === "number")
    return sentences(numberProblem(rule), wrote, unsureText(rule, given));
  if (rule.choices && !rule.openChoices) {
    const choices = listed(
      rule.choices.map(({ value }) => value),
      "commas",
    );
    return sentences(text("problem.option.choices", { option, choices }), wrote, meant(rule, given));
  }
  if (rule.maxChars !== undefined && typeof given === "string" && given.length > rule.maxChars)
    return text("problem.option.length", { option, max: rule.maxChars, length: given.length });
  return sentences(text("problem.option.unusable", { option }), wrote);
}

/** 1,000 is a thousand to some and one to others. */
function unsureText(rule: OptionSpec, given: unknown): Text | undefined {
  const read = typeof given === "string" ? numberIn(rule, given) : undefined;
  if (read?.is === "unsure") return text("problem.number.unsure", { first: read.could[0], second: read.could[1] });
  return rule.kind === "integer" && typeof given === "string" && /\d[.,]\d/u.test(given)
    ? text("problem.number.plain")
    : undefined;
}

function numberProblem(rule: OptionSpec): Text {
  const { name: option, words } = rule;
  const range = rangeOf(rule);
  return words === undefined
    ? text("problem.option.number", { option, range })
    : text("problem.option.number.words", { option, range, words: listed(words, "or") });
}

function rangeOf({ kind, min, max, step }: OptionSpec): Text {
  const whole = kind === "integer" ? "yes" : "other";
  if (min !== undefined && max !== undefined)
    return step === undefined || step === 1
      ? text("range.between", { whole, min, max })
      : text("range.between.steps", { whole, min, max, step });
  if (min !== undefined) return text("range.from", { whole, min });
  return max === undefined ? text("range.any", { whole }) : text("range.to", { whole, max });
}

function meant(rule: OptionSpec, given: unknown): Text | undefined {
  if (typeof given !== "string" || given.length > WROTE_MAX_CHARS) return undefined;
  const near = rule.choices?.find(({ value }) => editDistance(value, given.trim().toLowerCase()) <= 2);
  return near && text("problem.did-you-mean", { what: near.value });
}
