import { readFileSync } from "node:fs";
import { z } from "zod";
import { documentedRules } from "./telegram/rules.ts";

/**
 * Judges Bot API calls, their answers and Updates by the Bot API's own documentation in machine-readable form, which
 * neither the bot's nor the fake's authors wrote. What it cannot know: state, rate limits, bytes, error texts, and text
 * lengths behind `parse_mode`.
 */

/** `shared/specs` lies beside the checkout and is no part of it. */
const SPEC = new URL("../../../shared/specs/telegram-api.json", import.meta.url);
export const NEEDS_SPEC = "needs ../shared/specs/telegram-api.json";

const fieldSchema = z.object({
  name: z.string(),
  types: z.array(z.string()),
  required: z.boolean(),
  description: z.string().default(""),
});
const fieldsSchema = z.array(fieldSchema).default([]);
const specSchema = z.object({
  version: z.string(),
  methods: z.record(
    z.string(),
    z.object({ name: z.string(), fields: fieldsSchema, returns: z.array(z.string()).default([]) }),
  ),
  types: z.record(z.string(), z.object({ fields: fieldsSchema, subtypes: z.array(z.string()).default([]) })),
});
type Field = z.output<typeof fieldSchema>;
type Spec = z.output<typeof specSchema>;
type Range = readonly [min: number, max: number];

interface Limits {
  readonly characters: Range | undefined;
  readonly bytes: Range | undefined;
  readonly items: Range | undefined;
  readonly range: Range | undefined;
  readonly afterParsing: boolean;
}

export interface TelegramReferee {
  readonly version: string;
  readonly methodCount: number;
  readonly typeCount: number;
  /** Complaints about a call, empty when it is as documented. A file is `{ __file: true }`. */
  check(method: string, params: unknown): readonly string[];
  /** Complaints about what a method answered. */
  checkAnswer(method: string, result: unknown): readonly string[];
  checkType(type: string, value: unknown): readonly string[];
}

let opened: TelegramReferee | undefined;

/** `undefined` where the description is absent. Reading it takes long enough to do it once. */
export function openTelegramReferee(): TelegramReferee | undefined {
  opened ??= read();
  return opened;
}

function read(): TelegramReferee | undefined {
  let text: string;
  try {
    text = readFileSync(SPEC, "utf8");
  } catch {
    return undefined;
  }
  return refereeFor(specSchema.parse(JSON.parse(text)));
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isFile = (value: unknown): boolean => isRecord(value) && value["__file"] === true;

function rangeIn(text: string, pattern: RegExp): Range | undefined {
  const found = pattern.exec(text);
  return found ? [Number(found[1]), Number(found[2])] : undefined;
}

/** Limits are prose: "1-4096 characters", "1-64 bytes", "must include 2-10 items", "between 1-100". */
function limitsIn(prose: string): Limits {
  const atMost = /At most (\d+) \w+ can be specified/i.exec(prose);
  return {
    characters: rangeIn(prose, /(\d+)-(\d+) characters/),
    bytes: rangeIn(prose, /(\d+)-(\d+) bytes/),
    items: rangeIn(prose, /must include (\d+)-(\d+) items/i) ?? (atMost ? [0, Number(atMost[1])] : undefined),
    range: rangeIn(prose, /between (\d+)-(\d+)/i),
    afterParsing: /after entit(?:ies|y) parsing/.test(prose),
  };
}

function beyond(at: string, what: string, amount: number, range: Range | undefined): readonly string[] {
  if (!range || (amount >= range[0] && amount <= range[1])) return [];
  return [`${at}: ${amount} ${what}, allowed ${range.join("-")}`];
}

function overLimits(limits: Limits, value: unknown, at: string, hasParseMode: boolean): readonly string[] {
  if (typeof value === "number") return beyond(at, "", value, limits.range);
  if (Array.isArray(value)) return beyond(at, "items", value.length, limits.items);
  if (typeof value !== "string") return [];
  // Behind markup the text is shorter than what is sent: only the lower bound can be judged here.
  const characters: Range | undefined =
    limits.characters && limits.afterParsing && hasParseMode
      ? [limits.characters[0], Number.POSITIVE_INFINITY]
      : limits.characters;
  return [
    ...beyond(at, "characters", value.length, characters),
    ...beyond(at, "bytes", Buffer.byteLength(value), limits.bytes),
  ];
}

/** The one value a `type` or `source` may have, where the prose names one. */
const constantIn = (field: Field): string | undefined =>
  /^(type|source)$/.test(field.name) ? /must be [“"]?(\w+)[”"]?$/.exec(field.description)?.[1] : undefined;

const SCALARS: Readonly<Record<string, (value: unknown) => boolean>> = {
  Integer: Number.isInteger,
  Float: (value) => typeof value === "number",
  String: (value) => typeof value === "string",
  Boolean: (value) => typeof value === "boolean",
  True: (value) => typeof value === "boolean",
};

function refereeFor(spec: Spec): TelegramReferee {
  // Telegram ignores case in method names.
  const methods = new Map(Object.values(spec.methods).map((method) => [method.name.toLowerCase(), method]));
  const known = new Map<Field, Limits>();
  const limitsOf = (field: Field): Limits => {
    const limits = known.get(field) ?? limitsIn(field.description);
    known.set(field, limits);
    return limits;
  };

  function one(type: string, value: unknown, at: string): readonly string[] {
    if (type.startsWith("Array of ")) {
      if (!Array.isArray(value)) return [`${at}: must be an array (${type})`];
      return value.flatMap((item, index) => one(type.slice("Array of ".length), item, `${at}[${index}]`));
    }
    const scalar = SCALARS[type];
    if (scalar) return scalar(value) ? [] : [`${at}: must be ${type}`];
    if (type === "InputFile") {
      const attached = typeof value === "string" && value.startsWith("attach://");
      return isFile(value) || attached ? [] : [`${at}: must be an uploaded file`];
    }
    const described = spec.types[type];
    if (!described) return [`${at}: type ${type} is unknown to the description`];
    if (isFile(value)) return [];
    if (!isRecord(value)) return [`${at}: must be ${type}`];
    return described.subtypes.length > 0
      ? oneOf(described.subtypes, value, at, type)
      : fields(described.fields, value, at, type);
  }

  function oneOf(types: readonly string[], value: unknown, at: string, name?: string): readonly string[] {
    // "Array of A | Array of B" (albums): every element may be any of them; which may be mixed is a rule in prose.
    if (types.length > 1 && Array.isArray(value) && types.every((type) => /^Array of (?!Array)/.test(type))) {
      const items = types.map((type) => type.slice("Array of ".length));
      return value.flatMap((item, index) => oneOf(items, item, `${at}[${index}]`));
    }
    const tries = types.map((type) => ({ type, complaints: one(type, value, at) }));
    if (tries.some(({ complaints }) => complaints.length === 0)) return [];
    const meant = isRecord(value) ? tries.find(({ type }) => isMeant(type, value)) : undefined;
    if (meant) return meant.complaints;
    const nearest = tries.toSorted((a, b) => a.complaints.length - b.complaints.length)[0]?.complaints ?? [];
    return types.length > 1 ? nearest.map((each) => `${each} [${name ?? types.join("|")}]`) : nearest;
  }

  /** The candidate whose constant `type`, `source` or `status` matches is the one worth complaining about. */
  const isMeant = (type: string, value: Record<string, unknown>): boolean =>
    (spec.types[type]?.fields ?? []).some(
      (field) =>
        /^(type|source|status)$/.test(field.name) &&
        new RegExp(`(must be|always) .?[“"]?${String(value[field.name])}\\b`).test(field.description),
    );

  function fields(all: readonly Field[], value: Record<string, unknown>, at: string, name: string): readonly string[] {
    const missing = all
      .filter((field) => field.required && (value[field.name] === undefined || value[field.name] === null))
      .map((field) => `${at}.${field.name}: required by ${name}`);
    const wrong = Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .flatMap(([key, each]) => {
        const field = all.find((candidate) => candidate.name === key);
        if (!field) return [`${at}.${key}: no such field in ${name}`];
        return fieldComplaints(field, each, `${at}.${key}`, value["parse_mode"] !== undefined);
      });
    return [...missing, ...wrong];
  }

  function fieldComplaints(field: Field, value: unknown, at: string, hasParseMode: boolean): readonly string[] {
    // InputMedia*.media is a String on the wire and an uploaded file behind it.
    if (isFile(value) && /attach:\/\//.test(field.description)) return [];
    const wrong = oneOf(field.types, value, at);
    if (wrong.length > 0) return wrong;
    const constant = constantIn(field);
    return [
      ...(constant !== undefined && value !== constant ? [`${at}: must be ${constant}`] : []),
      ...overLimits(limitsOf(field), value, at, hasParseMode),
    ];
  }

  return {
    version: spec.version,
    methodCount: methods.size,
    typeCount: Object.keys(spec.types).length,
    check(name, params) {
      const method = methods.get(name.toLowerCase());
      if (!method) return [`${name}: no such method in ${spec.version}`];
      if (!isRecord(params)) return [`${name}: parameters must be an object`];
      const wrong = fields(method.fields, params, method.name, method.name);
      return wrong.length > 0 ? wrong : documentedRules(method.name, params);
    },
    checkAnswer(name, result) {
      const method = methods.get(name.toLowerCase());
      return method ? oneOf(method.returns, result, `${method.name} answered`) : [];
    },
    checkType: (type, value) => one(type, value, type),
  };
}
