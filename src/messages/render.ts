import { type Formatters, IntlMessageFormat } from "intl-messageformat";
import type { Message, Text, Words } from "../domain/text.ts";
import { type Catalogue, catalogueOf, SOURCE_LANGUAGE } from "./catalogue.ts";
import { isolated, isolatedCommands } from "./direction.ts";

/** A text in one language: what the language lacks is English. Never throws, whatever an older version has stored. */
export function render(text: Text, language: string): string {
  if ("id" in text) return message(text, language);
  if ("verbatim" in text) return isolated(text.verbatim, catalogueOf(language).direction);
  if ("parts" in text) return joined(text.parts, text.as, language);
  return moment(text, language);
}

const words = (given: Words, language: string): string => {
  if (typeof given === "number") return String(given);
  return typeof given === "string" ? isolated(given, catalogueOf(language).direction) : render(given, language);
};

function joined(parts: readonly Words[], as: Extract<Text, { parts: unknown }>["as"], language: string): string {
  const rendered = parts.map((part) => words(part, language));
  switch (as) {
    case "lines":
      return rendered.join("\n");
    case "sentences":
      return rendered.join(" ");
    case "facts":
      return rendered.join(" · ");
    case "commas":
      return listFormat(language, "unit").format(rendered);
    case "and":
      return listFormat(language, "conjunction").format(rendered);
    case "or":
      return listFormat(language, "disjunction").format(rendered);
  }
}

/** A formatter costs many times what it does: one for each language and kind, however many cards are shown. */
function keptBy<F>(make: () => F, kept: Map<string, F>, ...key: readonly (string | boolean)[]): F {
  const known = kept.get(key.join(" ")) ?? make();
  kept.set(key.join(" "), known);
  return known;
}

const listFormats = new Map<string, Intl.ListFormat>();
const listFormat = (language: string, type: "unit" | "conjunction" | "disjunction"): Intl.ListFormat =>
  keptBy(
    () => new Intl.ListFormat(language, type === "unit" ? { type, style: "short" } : { type }),
    listFormats,
    language,
    type,
  );

function moment({ clockMs, weekday, date }: Extract<Text, { clockMs: unknown }>, language: string): string {
  const shown = timeFormat(language, weekday === true, date === true).format(clockMs);
  return language === SOURCE_LANGUAGE ? shown.replace(",", "") : shown;
}

const timeFormats = new Map<string, Intl.DateTimeFormat>();
const timeFormat = (language: string, weekday: boolean, date: boolean): Intl.DateTimeFormat =>
  keptBy(
    () =>
      // British English: 24 hours, as the others are asked for, too.
      new Intl.DateTimeFormat(language === SOURCE_LANGUAGE ? "en-GB" : language, {
        ...(weekday ? { weekday: "long" as const } : {}),
        ...(date ? { day: "numeric" as const, month: "long" as const, year: "numeric" as const } : {}),
        hour: "2-digit",
        minute: "2-digit",
        timeZoneName: "short",
        hourCycle: "h23",
      }),
    timeFormats,
    language,
    weekday,
    date,
  );

/** A sentence, ready to be filled; a string where there is nothing to fill. */
type Compiled =
  | string
  | {
      readonly words: IntlMessageFormat;
      /** Gaps that take no marks of direction: they choose between sentences, or are the name of a command. */
      readonly bare: ReadonlySet<string>;
      /** The gap that a sentence begins with: what the catalogue calls things in the middle of one, begins one here. */
      readonly first: string | undefined;
    };

/** What ICU's syntax begins with. More than half of all sentences have none of it, and a compiled one takes kilobytes. */
const SYNTAX = /[{}']/u;
const CHOOSES = /\{\s*([a-zA-Z]+)\s*,\s*select\s*,/gu;
const COMMAND_NAME = /(?<!\})\/\{([a-zA-Z]+)\}/gu;
const FIRST = /^\{([a-zA-Z]+)\}/u;
const ENDS = /[.!?…。！？؟]$/u;
const namesIn = (source: string, pattern: RegExp) => [...source.matchAll(pattern)].map(([, name]) => name ?? "");

/** One of each kind for all sentences: by itself each would make its own. */
const formatters: Formatters = {
  getNumberFormat: remembered((...given) => new Intl.NumberFormat(...given)),
  getDateTimeFormat: remembered((...given) => new Intl.DateTimeFormat(...given)),
  getPluralRules: remembered((...given) => new Intl.PluralRules(...given)),
};

/** The result for the same arguments once made. They are those of our own sentences: few. */
function remembered<A extends readonly unknown[], R>(make: (...given: A) => R): (...given: A) => R {
  const made = new Map<string, R>();
  return (...given) => {
    const key = JSON.stringify(given);
    const known = made.get(key) ?? make(...given);
    made.set(key, known);
    return known;
  };
}

function compile(source: string, direction: "ltr" | "rtl", language: string): Compiled {
  const directed = direction === "rtl" ? isolatedCommands(source) : source;
  if (!SYNTAX.test(directed)) return directed;
  const words = new IntlMessageFormat(
    directed,
    // Not a language of its own, so its plurals are English.
    language === "en-XA" ? "en" : language,
    undefined,
    { ignoreTag: true, formatters },
  );
  const bare = new Set([...namesIn(source, CHOOSES), ...namesIn(source, COMMAND_NAME)]);
  return { words, bare, first: FIRST.test(source) && ENDS.test(source) ? FIRST.exec(source)?.[1] : undefined };
}

const compiled = new WeakMap<Catalogue, Map<string, Compiled>>();

function message({ id, args }: Message, language: string): string {
  for (const candidate of language === SOURCE_LANGUAGE ? [language] : [language, SOURCE_LANGUAGE]) {
    const format = formatOf(id, candidate);
    if (format === undefined) continue;
    if (typeof format === "string") return format;
    try {
      const filled: unknown = format.words.format(
        Object.fromEntries(
          Object.entries(args ?? {}).map(([name, given]) => [name, gap(given, candidate, format.bare.has(name))]),
        ),
      );
      const first = format.first === undefined ? undefined : args?.[format.first];
      // What people and far ends call themselves stays as they write it.
      const ours = typeof first === "object" && "id" in first;
      if (typeof filled === "string") return ours ? capitalised(filled, candidate) : filled;
    } catch {
      // Stored by a version whose sentence had other gaps: the next language may still have them.
    }
  }
  return Object.values(args ?? {})
    .map((given) => words(given, language))
    .join(" · ");
}

const capitalised = (sentence: string, language: string): string =>
  sentence.replace(/^\p{Ll}/u, (letter) => letter.toLocaleUpperCase(language === "en-XA" ? "en" : language));

/** Numbers stay numbers: the sentence says how they are counted. */
const gap = (given: Words, language: string, bare: boolean): string | number =>
  typeof given === "number" || (bare && typeof given === "string") ? given : words(given, language);

function formatOf(id: string, language: string): Compiled | undefined {
  const catalogue = catalogueOf(language);
  const known = compiled.get(catalogue) ?? new Map<string, Compiled>();
  compiled.set(catalogue, known);
  const source = catalogue.messages.get(id);
  if (source === undefined) return undefined;
  const ready = known.get(id) ?? compile(source, catalogue.direction, language);
  known.set(id, ready);
  return ready;
}
