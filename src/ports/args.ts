import { z } from "zod";
import { ok, type Result, refuse } from "../domain/problem.ts";
import { lines, sentences, type Text } from "../domain/text.ts";
import { cutText } from "../lib/text.ts";
import { type ArgsRule, describeValue, readValue, rulesOf } from "./args/rules.ts";
import { parseTyped } from "./args/typed-text.ts";
import type { Attachment, Invocation } from "./chat.ts";
import type { Command, DescribedCommand } from "./command.ts";
import type { CommandSpec, OptionSpec } from "./option.ts";

/** What a schema cannot say about an option by itself. */
export interface OptionMeta {
  /** What it is for, at most 100 characters in every language. */
  readonly about?: Text;
  /** Takes the words that belong to no option. At most one per command. */
  readonly rest?: boolean;
  /** Value to words for people, at most 60 characters. */
  readonly labels?: Readonly<Record<string, Text>>;
  /** Offered, not enforced: the command checks the value itself, so `size:832x1216` passes too. */
  readonly suggestions?: readonly { readonly value: string; readonly label: Text }[];
  /** What its values name, for suggestions: see `OptionSpec.names`. */
  readonly names?: OptionSpec["names"];
  /** What is used when it is left out. Derived from `.default()` where there is one. */
  readonly fallback?: Text;
}

/** Adds metadata. Call it on the finished schema or before `.optional()`: both are seen. */
export const option = <S extends z.ZodType>(schema: S, meta: OptionMeta): S => schema.meta({ ...meta }) as S;

/** An option that takes a file of the message. Optional: wrap it in `.optional()`. */
export const attachmentOption = (about: Text) =>
  z
    .custom<Attachment>((value) => typeof value === "object" && value !== null && "read" in value)
    .meta({ about, attachment: true });

/** What platforms register and help prints. Options in the order of the schema. @throws Error for a wrongly declared command */
export function specOf(command: Command): DescribedCommand {
  return {
    name: command.name,
    group: command.group,
    summary: command.summary,
    example: command.example,
    adminOnly: command.adminOnly ?? false,
    options: rulesFor(command).options,
  };
}

export interface ParsedArgs {
  /** The output of the command's schema. */
  readonly values: Record<string, unknown>;
  /** Sentences for the member about what was probably meant differently. */
  readonly notes: string[];
}

export interface ParsedText {
  readonly values: Readonly<Record<string, string>>;
  /** One sentence each. */
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

/** Typed text to raw values, before any check of them. Never throws. */
export function parseText(spec: Pick<CommandSpec, "options">, text: string): ParsedText {
  const typed = parseTyped(spec, text);
  return { ...typed, values: Object.fromEntries(typed.values) };
}

/**
 * Checks what was typed or filled in. The problem names every wrong option, so one round trip mends them all. Never
 * throws, whatever comes in.
 */
export function parseArgs(
  command: Command,
  raw: Invocation["raw"],
  attachments: readonly Attachment[],
): Result<ParsedArgs> {
  const rules = rulesFor(command);
  const typed = "text" in raw ? parseTyped(rules, raw.text) : fromForm(rules, raw.values);
  const problems = [...typed.problems];
  const wrong = new Set<string>();
  const values = new Map<string, unknown>();
  const files = attachments.values();
  for (const rule of rules.options) {
    const given = typed.values.get(rule.name);
    if (rule.kind === "attachment") {
      const file = files.next().value;
      if (file) values.set(rule.name, file);
      else if (typeof given === "string") {
        problems.push(`${rule.name}: attach the file to the message instead of writing it`);
        wrong.add(rule.name);
      }
      continue;
    }
    const read = readValue(rule, given);
    if (read !== undefined) values.set(rule.name, read);
  }
  const parsed = command.args.safeParse(Object.fromEntries(values));
  if (!parsed.success) problems.push(...problemsOf(parsed.error, rules, typed.values, wrong));
  if (parsed.success && problems.length === 0) {
    const unused = files.next().value
      ? [`The attached file was not used: /${command.name} takes ${countOf(rules)}.`]
      : [];
    return ok({ values: parsed.data, notes: [...typed.notes, ...unused] });
  }
  return refuse({ code: "bad_args", text: problemText(command, problems, typed.notes) });
}

const countOf = (rules: ArgsRule) => (rules.options.some(({ kind }) => kind === "attachment") ? "only one" : "no file");

function fromForm(rules: ArgsRule, given: Readonly<Record<string, unknown>>) {
  const values = new Map<string, unknown>();
  const problems: string[] = [];
  const known = new Map(rules.options.map(({ name }) => [name.toLowerCase(), name]));
  for (const [name, value] of Object.entries(given).slice(0, 100)) {
    const option = known.get(name.toLowerCase());
    if (option === undefined) problems.push(`“${cutText(name, 40)}” is no option here`);
    else values.set(option, value);
  }
  return { values, problems, notes: [] as readonly string[] };
}

function problemsOf(
  error: z.ZodError,
  rules: ArgsRule,
  typed: ReadonlyMap<string, unknown>,
  wrong: ReadonlySet<string>,
): readonly string[] {
  const byOption = new Map<string, string>();
  const general: string[] = [];
  for (const issue of error.issues) {
    const rule = rules.options.find(({ name }) => name === issue.path[0]);
    if (!rule) general.push(issue.message);
    else if (!wrong.has(rule.name) && !byOption.has(rule.name)) {
      const said = issue.code === "custom" && rule.kind !== "attachment" ? issue.message : undefined;
      byOption.set(rule.name, `${rule.name}: ${describeValue(rule, typed.get(rule.name), said)}`);
    }
  }
  return [...byOption.values(), ...general];
}

const PROBLEM_LINES_MAX = 12;

function problemText(command: Command, problems: readonly string[], notes: readonly string[]): Text {
  const more = problems.length - PROBLEM_LINES_MAX;
  const told = [...problems.slice(0, PROBLEM_LINES_MAX), ...(more > 0 ? [`and ${more} more`] : [])];
  const head = problems.length === 1 ? "One thing to mend:" : `${problems.length} things to mend:`;
  return lines(
    head,
    ...told.map((line) => `• ${line}`),
    ...notes,
    sentences("Change it and send it again, for example:", command.example),
  );
}

const cache = new WeakMap<z.ZodObject, ArgsRule>();

function rulesFor(command: Command): ArgsRule {
  const known = cache.get(command.args);
  if (known) return known;
  const rules = rulesOf(command.name, command.args);
  cache.set(command.args, rules);
  return rules;
}
