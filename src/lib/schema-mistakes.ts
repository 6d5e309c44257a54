import { z } from "zod";

/** One thing that is wrong with what an operator wrote. */
export interface Mistake {
  readonly path: readonly PropertyKey[];
  /** Follows the name of the setting or field: "must be a whole number from 1 to 50". Never holds the value: it may be a secret. */
  readonly sentence: string;
}

type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] };

interface Field {
  readonly type?: string | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly multipleOf?: number | undefined;
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly maxItems?: number | undefined;
  readonly enum?: readonly unknown[] | undefined;
  readonly properties?: Readonly<Record<string, Field>> | undefined;
  readonly items?: Field | undefined;
  readonly additionalProperties?: Field | boolean | undefined;
  readonly anyOf?: readonly Field[] | undefined;
}
const fieldSchema: z.ZodType<Field> = z.lazy(() =>
  z.object({
    // What may also be null, `["string", "null"]`, is told by its first type.
    type: z.union([z.string(), z.array(z.string()).transform(([first]) => first)]).optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    multipleOf: z.number().optional(),
    minLength: z.number().optional(),
    maxLength: z.number().optional(),
    maxItems: z.number().optional(),
    enum: z.array(z.unknown()).optional(),
    properties: z.record(z.string(), fieldSchema).optional(),
    items: fieldSchema.optional(),
    additionalProperties: z.union([z.boolean(), fieldSchema]).optional(),
    anyOf: z.array(fieldSchema).optional(),
  }),
);

/**
 * As `safeParse`, with every mistake as a plain sentence. A check's own message is kept; all others are told from what
 * the schema allows, so that a module only declares its fields.
 */
export function checkPlainly<S extends z.ZodType>(schema: S, value: unknown): Checked<z.output<S>> {
  // An empty message marks an issue whose schema brings no sentence of its own.
  const parsed = schema.safeParse(value, { error: () => "" });
  if (parsed.success) return { ok: true, value: parsed.data };
  const whole = fieldSchema.parse(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }));
  const mistakes = new Map<string, Mistake>();
  for (const issue of parsed.error.issues) {
    const mistake = { path: issue.path, sentence: sentenceOf(issue, whole, value) };
    mistakes.set(JSON.stringify([mistake.path.map(String), mistake.sentence]), mistake);
  }
  return { ok: false, mistakes: [...mistakes.values()] };
}

function sentenceOf(issue: z.core.$ZodIssue, whole: Field, value: unknown): string {
  if (issue.message !== "") return issue.message.slice(0, 200);
  const field = fieldAt(whole, issue.path);
  if (issue.code === "unrecognized_keys") return unknownKeys(issue.keys, Object.keys(field.properties ?? {}));
  if (valueAt(value, issue.path) === undefined) return "is missing";
  if (issue.code === "invalid_value") return `must be one of ${issue.values.map(String).join(", ")}`;
  return mustBe(field);
}

function unknownKeys(keys: readonly string[], known: readonly string[]): string {
  const named = keys
    .slice(0, 5)
    .map((key) => `"${key.slice(0, 60)}"`)
    .join(", ");
  return `${named} ${keys.length === 1 ? "is" : "are"} not known here; known are ${known.join(", ")}`;
}

function mustBe(field: Field): string {
  if (field.enum) return `must be one of ${field.enum.map(String).join(", ")}`;
  switch (field.type) {
    case "integer":
      return `must be a whole number${rangeOf(field.minimum, field.maximum)}${stepsOf(field)}`;
    case "number":
      return `must be a number${rangeOf(field.minimum, field.maximum)}${stepsOf(field)}`;
    case "boolean":
      return "must be true or false";
    case "string":
      return `must be text${lengthOf(field)}`;
    case "array":
      return field.maxItems === undefined ? "must be a list" : `must be a list of at most ${field.maxItems}`;
    case "object":
      return "must be an object: { … }";
    default:
      return "cannot be used";
  }
}

/** Limits that nobody wrote (a whole number's own) are not told. */
function rangeOf(min: number | undefined, max: number | undefined): string {
  const from = min !== undefined && min > Number.MIN_SAFE_INTEGER ? min : undefined;
  const to = max !== undefined && max < Number.MAX_SAFE_INTEGER ? max : undefined;
  if (from !== undefined && to !== undefined) return ` from ${from} to ${to}`;
  if (from !== undefined) return ` of at least ${from}`;
  return to === undefined ? "" : ` of at most ${to}`;
}

const stepsOf = ({ multipleOf }: Field) =>
  multipleOf === undefined || multipleOf === 1 ? "" : ` in steps of ${multipleOf}`;

function lengthOf({ minLength, maxLength }: Field): string {
  const range = rangeOf(minLength, maxLength);
  return range === "" ? "" : `${range.replace(/^ from/u, " of")} characters`;
}

function fieldAt(whole: Field, path: readonly PropertyKey[]): Field {
  let field = whole;
  for (const step of path) {
    const open = typeof field.additionalProperties === "object" ? field.additionalProperties : undefined;
    field = (typeof step === "number" ? field.items : (field.properties?.[String(step)] ?? open)) ?? {};
    // Of several forms the first is the one to explain; the others are words like "never".
    field = field.anyOf?.[0] ?? field;
  }
  return field;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let found = value;
  for (const step of path)
    found =
      typeof found === "object" && found !== null && Object.hasOwn(found, step) ? Reflect.get(found, step) : undefined;
  return found;
}
