import { z } from "zod";
import { ok, type Result, refuse } from "../domain/problem.ts";
import { type Spoken, UNSPOKEN } from "../domain/spoken.ts";
import { lines, type Text, text } from "../domain/text.ts";
import { textSchema } from "../domain/text-schema.ts";
import { cutText } from "../lib/text.ts";
import { withoutUnseen } from "../lib/unseen.ts";
import { UNWANTED } from "./args/foreign.ts";
import { type ArgsRule, describeValue, readValue, rulesOf } from "./args/rules.ts";
import { parseTyped } from "./args/typed-text.ts";
import type { Typing } from "./args/typing.ts";
import { isWord } from "./args/words.ts";
import type { Attachment, Invocation } from "./chat.ts";
import type { Command, DescribedCommand } from "./command.ts";
import type { CommandSpec, OptionSpec } from "./option.ts";

/** What a schema cannot say about an option by itself. */
export interface OptionMeta {
  /** What it is for, at most 100 characters in every language. */
  readonly about?: Text;
  /** What stands above it in a form, at most 45 characters in every language. */
  readonly label?: Text;
  /** Takes the words that belong to no option. At most one per command. */
  readonly rest?: boolean;
  /** As `OptionSpec.phrase`. */
  readonly phrase?: boolean;
  /** Value to words for people, at most 60 characters. */
  readonly labels?: Readonly<Record<string, Text>>;
  /** Offered, not enforced: the command checks the value itself, so `size:832x1216` passes too. */
  readonly suggestions?: readonly { readonly value: string; readonly label: Text }[];
  /** What its values name, for suggestions: see `OptionSpec.names`. */
  readonly names?: OptionSpec["names"];
  /** What it lists: see `OptionSpec.picks`. */
  readonly picks?: OptionSpec["picks"];
  /** As `OptionSpec.spare`. */
  readonly spare?: boolean;
  /** What is used when it is left out. Derived from `.default()` where there is one. */
  readonly fallback?: Text;
}

/** Adds metadata. Call it on the finished schema or before `.optional()`: both are seen. */
export const option = <S extends z.ZodType>(schema: S, meta: OptionMeta): S => schema.meta({ ...meta }) as S;

const fileSchema = z.custom<Attachment>((value) => typeof value === "object" && value !== null && "read" in value);

interface FileOption {
  (about: Text, label: Text): typeof fileSchema;
  <W extends string>(about: Text, label: Text, word: W): z.ZodUnion<[typeof fileSchema, z.ZodLiteral<W>]>;
}

/**
 * An option that takes a file of the message. Optional: wrap it in `.optional()`.
 *
 * @param word can be typed instead of a file
 */
export const attachmentOption = ((about: Text, label: Text, word?: string) =>
  (word === undefined ? fileSchema : z.union([fileSchema, z.literal(word)])).meta({
    about,
    label,
    attachment: true,
  })) as FileOption;

/** What platforms register and help prints. Options in the order of the schema. @throws Error for a wrongly declared command */
export function specOf(command: Command): DescribedCommand {
  return {
    name: command.name,
    group: command.group,
    summary: command.summary,
    example: command.example,
    adminOnly: command.adminOnly ?? false,
    ...(command.privately ? { privately: true as const } : {}),
    options: rulesFor(command).options,
  };
}

export interface ParsedArgs {
  /** The output of the command's schema. */
  readonly values: Record<string, unknown>;
  /** Sentences for the member about what was probably meant differently. */
  readonly notes: readonly Text[];
}

export interface ParsedText {
  readonly values: Readonly<Record<string, string>>;
  /** One sentence each. */
  readonly problems: readonly Text[];
  readonly notes: readonly Text[];
}

/** Typed text to raw values, before any check of them; see `Typing` for `how`. Never throws. */
export function parseText(
  spec: Pick<CommandSpec, "options">,
  typed: string,
  how: Partial<Pick<Typing, "spoken" | "plainOnly">> = {},
): ParsedText {
  const parsed = parseTyped(spec, withoutUnseen(typed), { spoken: UNSPOKEN, ...how });
  return { ...parsed, values: Object.fromEntries(parsed.values) };
}

/** What is asked for: a command, or the fields of a form. */
export interface Asked {
  readonly args: z.ZodObject;
  readonly name: string;
  /** How to ask again: after every problem. */
  readonly again: Text;
  /** What the form was filled in with when it was shown: what is still so was not said now. */
  readonly before?: Readonly<Record<string, string>>;
}

/**
 * Checks what was typed or filled in. The problem names every wrong option, so one round trip mends them all. Never
 * throws, whatever comes in.
 */
export const parseArgs = (
  command: Command,
  raw: Invocation["raw"],
  attachments: readonly Attachment[],
  spoken = UNSPOKEN,
): Result<ParsedArgs> =>
  parse({ ...command, again: text("problem.args.again", { line: command.example }) }, raw, attachments, spoken);

/**
 * What was said besides the words that a command cannot do without; `undefined`: they are there, or something else is wrong.
 */
export function parseUnsaid(
  command: Command,
  raw: Invocation["raw"],
  attachments: readonly Attachment[],
  spoken = UNSPOKEN,
): ParsedArgs | undefined {
  const words = rulesFor(command).options.find(({ rest, required, kind }) => rest && required && kind === "text");
  if (!words) return undefined;
  const { shape } = command.args;
  const known =
    wordless.get(command.args) ??
    z.strictObject({ ...shape, [words.name]: z.optional(shape[words.name] ?? z.never()) });
  wordless.set(command.args, known);
  const parsed = parseArgs({ ...command, args: known }, raw, attachments, spoken);
  const typed = parsed.ok ? parsed.value.values[words.name] : undefined;
  return parsed.ok && (typed === undefined || typed === "") ? parsed.value : undefined;
}
const wordless = new WeakMap<z.ZodObject, z.ZodObject>();

/** As `parseArgs`, for a form: no command members type, but described and checked by the same rules. */
export function parseForm<A extends z.ZodObject>(
  form: Asked & { readonly args: A },
  values: Readonly<Record<string, unknown>>,
  spoken = UNSPOKEN,
): Result<{ readonly values: z.output<A>; readonly notes: readonly Text[] }> {
  const parsed = parse(form, { values }, [], spoken);
  // It went through the form's own schema.
  return parsed.ok ? ok({ values: parsed.value.values as z.output<A>, notes: parsed.value.notes }) : parsed;
}

/** The fields of a form, in the order of the schema. */
export const fieldsOf = (form: Pick<Asked, "args" | "name">): readonly OptionSpec[] => rulesFor(form).options;

function parse(
  asked: Asked,
  raw: Invocation["raw"],
  attachments: readonly Attachment[],
  spoken: Spoken,
): Result<ParsedArgs> {
  const rules = rulesFor(asked);
  const typed =
    "text" in raw
      ? parseTyped(rules, withoutUnseen(raw.text), { spoken })
      : fromForm(rules, raw.values, { spoken, before: asked.before ?? {} });
  const problems = [...typed.problems];
  const wrong = new Set<string>();
  const values = new Map<string, unknown>();
  const files = attachments.values();
  for (const rule of rules.options) {
    const given = typed.values.get(rule.name);
    if (rule.kind === "attachment") {
      const file = files.next().value;
      const word = typeof given === "string" && rule.words?.find((each) => isWord(each, given, spoken));
      if (file) values.set(rule.name, file);
      else if (word) values.set(rule.name, word);
      else if (typeof given === "string") {
        problems.push(text("problem.option.file", { option: rule.name }));
        wrong.add(rule.name);
      }
      continue;
    }
    const read = readValue(rule, given, spoken);
    if (read !== undefined) values.set(rule.name, read);
  }
  const parsed = asked.args.safeParse(Object.fromEntries(values));
  if (!parsed.success) problems.push(...problemsOf(parsed.error, rules, typed.values, wrong));
  if (parsed.success && problems.length === 0) {
    const unused = files.next().value ? [unusedNote(asked.name, rules)] : [];
    return ok({ values: parsed.data, notes: [...typed.notes, ...unused] });
  }
  return refuse({ code: "bad_args", text: problemText(asked, problems, typed.notes) });
}

const unusedNote = (command: string, rules: ArgsRule): Text =>
  rules.options.some(({ kind }) => kind === "attachment")
    ? text("note.file-unused.one", { command })
    : text("note.file-unused", { command });

function fromForm(
  rules: ArgsRule,
  given: Readonly<Record<string, unknown>>,
  form: { readonly spoken: Spoken; readonly before: NonNullable<Asked["before"]> },
) {
  const values = new Map<string, unknown>();
  const problems: Text[] = [];
  const known = new Map(rules.options.map(({ name }) => [name.toLowerCase(), name]));
  for (const [name, value] of Object.entries(given).slice(0, 100)) {
    const option = known.get(name.toLowerCase());
    if (option === undefined) problems.push(text("problem.option.unknown", { name: cutText(name, 40) }));
    else values.set(option, typeof value === "string" ? withoutUnseen(value) : value);
  }
  const notes = readPromptField(rules, values, form);
  return { values, problems: [...problems, ...notes.problems], notes: notes.notes };
}

/** Members write options into a prompt's own field as well, as they do elsewhere. */
function readPromptField(
  rules: ArgsRule,
  values: Map<string, unknown>,
  { spoken, before }: { readonly spoken: Spoken; readonly before: NonNullable<Asked["before"]> },
): { readonly problems: readonly Text[]; readonly notes: readonly Text[] } {
  const rest = rules.options.find((option) => option.rest && option.names === "prompt");
  const written = rest && values.get(rest.name);
  if (!rest || typeof written !== "string" || written === before[rest.name]) return { problems: [], notes: [] };
  const filledIn = [...values].flatMap(([name, value]) =>
    name === rest.name || name === UNWANTED || value === "" || isAsBefore(value, before[name]) ? [] : [name],
  );
  const read = parseTyped(rules, written, { spoken, filledIn: new Set(filledIn) });
  if (!read.values.has(rest.name)) values.set(rest.name, "");
  for (const [name, value] of read.values) {
    const unwanted = name === UNWANTED ? values.get(name) : undefined;
    values.set(name, typeof unwanted === "string" && unwanted !== "" ? `${unwanted}, ${value}` : value);
  }
  return read;
}

/** Values come from outside: an object, of which JSON makes any, has no text of its own. */
const isAsBefore = (value: unknown, before: string | undefined): boolean =>
  typeof value !== "object" && String(value) === before;

/** What a check of a schema says when it refuses: `.refine(…, saying(text("…")))`. */
export const saying = (said: Text) => ({ params: { said } });

function problemsOf(
  error: z.ZodError,
  rules: ArgsRule,
  typed: ReadonlyMap<string, unknown>,
  wrong: ReadonlySet<string>,
): readonly Text[] {
  const byOption = new Map<string, Text>();
  for (const issue of error.issues) {
    const rule = rules.options.find(({ name }) => name === issue.path[0]);
    if (!rule) continue;
    if (wrong.has(rule.name) || byOption.has(rule.name)) continue;
    const said = issue.code === "custom" ? textSchema.safeParse(issue.params?.["said"]).data : undefined;
    byOption.set(rule.name, describeValue(rule, typed.get(rule.name), said));
  }
  return [...byOption.values()];
}

const PROBLEM_LINES_MAX = 12;

function problemText(asked: Asked, problems: readonly Text[], notes: readonly Text[]): Text {
  const more = problems.length - PROBLEM_LINES_MAX;
  return lines(
    text("problem.args.head", { n: problems.length }),
    ...problems.slice(0, PROBLEM_LINES_MAX).map((problem) => text("problem.args.item", { problem })),
    more > 0 ? text("problem.args.item", { problem: text("problem.args.more", { n: more }) }) : undefined,
    ...notes,
    asked.again,
  );
}

const cache = new WeakMap<z.ZodObject, ArgsRule>();

function rulesFor(command: Pick<Command, "name" | "args">): ArgsRule {
  const known = cache.get(command.args);
  if (known) return known;
  const rules = rulesOf(command.name, command.args);
  cache.set(command.args, rules);
  return rules;
}
