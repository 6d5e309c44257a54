import { z } from "zod";
import { type Text, text, verbatim } from "../../domain/text.ts";
import { editDistance } from "../../lib/edit-distance.ts";
import { decimalNumberText, type NumberText, wholeNumberText } from "../../lib/number-text.ts";
import { cutText } from "../../lib/text.ts";
import type { OptionSpec } from "../option.ts";

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
  attachment: z.boolean().optional(),
  about: ownText.optional(),
  labels: z.record(z.string(), ownText).optional(),
  suggestions: z.array(z.object({ value: z.string(), label: ownText })).optional(),
  fallback: ownText.optional(),
  names: z.enum(["prompt", "seed", "picture", "command", "member"]).optional(),
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
  const words = numeric ? branches.flatMap(wordsOf) : [];
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
    summary: given.about ?? given.description ?? verbatim(name),
    kind,
    // A file cannot be declared optional in JSON Schema's terms when its schema is `custom`, so `required` is trusted.
    required,
    rest: given.rest ?? false,
    ...(choices.length > 0 && { choices }),
    ...(numeric && main.minimum !== undefined && main.minimum > Number.MIN_SAFE_INTEGER && { min: main.minimum }),
    ...(numeric && main.maximum !== undefined && main.maximum < Number.MAX_SAFE_INTEGER && { max: main.maximum }),
    ...(main.multipleOf !== undefined && { step: main.multipleOf }),
    ...(main.maxLength !== undefined && { maxChars: main.maxLength }),
    ...(given.names !== undefined && { names: given.names }),
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

const YES = new Set(["yes", "y", "on", "true", "1"]);
const NO = new Set(["no", "n", "off", "false", "0"]);

/** A number as this option takes them; `none` for options that take none. */
export const numberIn = (rule: Pick<OptionSpec, "kind">, text: string): NumberText =>
  rule.kind === "integer" ? wholeNumberText(text) : rule.kind === "number" ? decimalNumberText(text) : { is: "none" };

/** A raw value in the option's own type where it can be read as one, else unchanged, for the schema to refuse. */
export function readValue(rule: OptionSpec, given: unknown): unknown {
  if (given === null || given === undefined) return undefined;
  if (rule.kind === "text" && (typeof given === "number" || typeof given === "boolean")) return String(given);
  if (typeof given !== "string") return given;
  const text = given.trim();
  if (text === "") return rule.required && rule.kind === "text" ? given : undefined;
  const word = (words: readonly string[]) => words.find((one) => one.toLowerCase() === text.toLowerCase());
  switch (rule.kind) {
    case "integer":
    case "number": {
      const read = numberIn(rule, text);
      return read.is === "number" ? read.value : (word(rule.words ?? []) ?? given);
    }
    case "boolean":
      return YES.has(text.toLowerCase()) ? true : NO.has(text.toLowerCase()) ? false : given;
    case "text":
      return word(rule.choices?.map(({ value }) => value) ?? []) ?? labelled(rule, text) ?? given;
    case "attachment":
      return undefined;
  }
}

const labelled = (rule: OptionSpec, text: string) =>
  rule.choices?.find(({ label }) => typeof label === "string" && label.toLowerCase() === text.toLowerCase())?.value;

/** What is wrong with a value, in a member's words. `said`: the sentence of the schema's own check. */
export function describeValue(rule: OptionSpec, given: unknown, said?: string): string {
  const empty = given === undefined || given === null || (typeof given === "string" && given.trim() === "");
  if (empty && rule.kind === "attachment") return "attach a file to the message";
  if (empty) return `it is missing (${rule.summary})`;
  const wrote = typeof given === "object" ? "" : `, you wrote ${cutText(String(given), 40)}`;
  if (said !== undefined && said !== "Invalid input") return `${said}${wrote}`;
  if (rule.kind === "boolean") return `yes or no${wrote}`;
  if (rule.kind === "integer" || rule.kind === "number") return `${rangeOf(rule)}${wrote}${unsureText(rule, given)}`;
  if (rule.choices && !rule.openChoices)
    return `one of ${rule.choices.map(({ value }) => value).join(", ")}${wrote}${meant(rule, given)}`;
  if (rule.maxChars !== undefined && typeof given === "string" && given.length > rule.maxChars)
    return `at most ${rule.maxChars} characters, yours has ${given.length}`;
  return `this cannot be used${wrote}`;
}

/** 1,000 is a thousand to some and one to others. */
function unsureText(rule: OptionSpec, given: unknown): string {
  const read = typeof given === "string" ? numberIn(rule, given) : undefined;
  if (read?.is === "unsure") return `: write ${read.could.join(" or ")}, whichever you mean`;
  return rule.kind === "integer" && typeof given === "string" && /\d[.,]\d/u.test(given)
    ? ": write it without points and commas"
    : "";
}

function rangeOf({ kind, min, max, step, words }: OptionSpec): string {
  const whole = kind === "integer" ? "a whole number " : "";
  const range =
    min !== undefined && max !== undefined
      ? `${whole}between ${min} and ${max}`
      : min !== undefined
        ? `${whole || "a number "}from ${min} up`
        : max !== undefined
          ? `${whole || "a number "}up to ${max}`
          : whole.trim() || "a number";
  const steps = step !== undefined && step !== 1 ? ` in steps of ${step}` : "";
  return [`${range}${steps}`, ...(words ?? [])].join(" or ");
}

function meant(rule: OptionSpec, given: unknown): string {
  if (typeof given !== "string" || given.length > 40) return "";
  const near = rule.choices?.find(({ value }) => editDistance(value, given.trim().toLowerCase()) <= 2);
  return near ? ` (did you mean ${near.value}?)` : "";
}
