import type { Spoken } from "../../domain/spoken.ts";
import { listed, type Text, text } from "../../domain/text.ts";
import { editDistance } from "../../lib/edit-distance.ts";
import { cutText, trimEndOf } from "../../lib/text.ts";
import type { OptionSpec } from "../option.ts";
import { type ArgsRule, numberIn, yesOrNo } from "./rules.ts";
import { choiceOf, isWord, optionsByName } from "./words.ts";

interface Typed {
  readonly values: ReadonlyMap<string, string>;
  readonly problems: readonly Text[];
  readonly notes: readonly Text[];
}

/** Letters of any script, and the colon that Chinese keyboards give. */
const NAME = /(\p{L}[\p{L}\p{M}\p{N}_]{0,31})[:：]/uy;
const PROBLEMS_MAX = 20;
const NOTES_MAX = 3;
/** No prompt is that long; looking further would only serve who wants to keep us busy. */
const HINTS_WITHIN_CHARS = 10_000;

/**
 * `a red fox seed:7 size:poster` by these rules: `name:value` counts only for the command's own options, at the start of a
 * word, outside double quotes, without a space after the colon. A value is one word or one quoted text. Everything else
 * belongs to the rest option as typed: `portrait: a cat`, addresses, 10:30 and `--` are words. `prompt:` itself may stand
 * first and be followed by a space. A name can be what a language calls the option. Linear in the text; never throws.
 */
export function parseTyped(rules: ArgsRule, typed: string, spoken: Spoken): Typed {
  const reader = new Reader(rules, typed, spoken);
  return reader.read();
}

class Reader {
  readonly #text: string;
  readonly #options: readonly OptionSpec[];
  readonly #byName: (written: string) => OptionSpec | undefined;
  readonly #spoken: Spoken;
  readonly #rest: OptionSpec | undefined;
  readonly #values = new Map<string, string>();
  readonly #problems = new Map<string, Text>();
  readonly #notes = new Map<string, Text>();
  /** Stretches of the rest option, as typed. */
  readonly #stretches: string[] = [];
  #restNamed = false;
  #stretchFrom = 0;
  /** No closing quote of this kind comes any more: keeps a text of a million quotes linear. */
  readonly #unclosed = new Set<string>();

  constructor(rules: ArgsRule, typed: string, spoken: Spoken) {
    this.#text = typed;
    this.#options = rules.options;
    this.#byName = optionsByName(rules.options, spoken);
    this.#spoken = spoken;
    this.#rest = rules.options.find(({ rest }) => rest);
  }

  read(): Typed {
    let at = 0;
    while (at < this.#text.length) {
      if (this.#atWordStart(at)) {
        const next = this.#option(at);
        if (next !== undefined) {
          at = next;
          continue;
        }
        this.#nearMiss(at);
      }
      at = this.#quoteEnd(at) ?? at + 1;
    }
    this.#endStretch(this.#text.length);
    this.#useRest();
    return { values: this.#values, problems: [...this.#problems.values()], notes: [...this.#notes.values()] };
  }

  #atWordStart(at: number): boolean {
    return (at === 0 || isSpace(this.#text[at - 1])) && !isSpace(this.#text[at]);
  }

  /** Reads an option that starts here and says where to go on; `undefined`: these are words. */
  #option(at: number): number | undefined {
    NAME.lastIndex = at;
    const name = NAME.exec(this.#text)?.[1];
    const rule = name === undefined ? undefined : this.#byName(name);
    if (name === undefined || rule === undefined) return undefined;
    const valueAt = at + name.length + 1;
    const spaced = valueAt >= this.#text.length || isSpace(this.#text[valueAt]);
    if (rule === this.#rest) return this.#restOption(at, valueAt, spaced);
    if (spaced && this.#rest) {
      this.#spacedNote(rule, valueAt);
      return undefined;
    }
    // Without a rest option nothing else can be meant, so the space is forgiven.
    const from = spaced ? skipSpaces(this.#text, valueAt) : valueAt;
    this.#endStretch(at);
    const { value, end } = this.#value(from);
    this.#set(rule, value);
    if (this.#rest) this.#groupNote(rule, value, end);
    this.#stretchFrom = end;
    return end;
  }

  #restOption(at: number, valueAt: number, spaced: boolean): number | undefined {
    const wordsBefore = this.#stretches.length > 0 || this.#text.slice(this.#stretchFrom, at).trim() !== "";
    // "a writer at the prompt: nothing" is a sentence.
    if (spaced && wordsBefore) return undefined;
    this.#endStretch(at);
    if (this.#restNamed && this.#rest) this.#problem(text("problem.option.twice", { option: this.#rest.name }));
    this.#restNamed = true;
    this.#stretchFrom = valueAt;
    return valueAt;
  }

  #value(from: number): { readonly value: string; readonly end: number } {
    const quoted = this.#quoteEnd(from);
    if (quoted !== undefined && (quoted >= this.#text.length || /[\s,;]/u.test(this.#text[quoted] ?? "")))
      return { value: this.#text.slice(from + 1, quoted - 1), end: skipSeparators(this.#text, quoted) };
    let end = from;
    while (end < this.#text.length && !isSpace(this.#text[end])) end += 1;
    return { value: this.#text.slice(from, end).replace(/(?<![,;])[,;]{1,10}$/u, ""), end };
  }

  /** Just after the quote that closes the one opening here. A quote after a letter or digit (6" wide) opens nothing. */
  #quoteEnd(at: number): number | undefined {
    const open = this.#text[at];
    const close = open === '"' ? '"' : open === "“" ? "”" : undefined;
    if (close === undefined || this.#unclosed.has(close) || /[\p{L}\p{N}]/u.test(this.#text[at - 1] ?? ""))
      return undefined;
    const found = this.#text.indexOf(close, at + 1);
    if (found < 0) this.#unclosed.add(close);
    return found < 0 ? undefined : found + 1;
  }

  #set(rule: OptionSpec, value: string) {
    if (this.#values.has(rule.name)) this.#problem(text("problem.option.twice", { option: rule.name }));
    else this.#values.set(rule.name, value);
  }

  #problem(sentence: Text) {
    if (this.#problems.size < PROBLEMS_MAX) this.#problems.set(JSON.stringify(sentence), sentence);
  }

  #endStretch(to: number) {
    const words = this.#text.slice(this.#stretchFrom, to).trim();
    if (words !== "") this.#stretches.push(words);
    this.#stretchFrom = to;
  }

  #useRest() {
    const words = this.#stretches.join(" ");
    if (words === "") {
      if (this.#rest && this.#restNamed) this.#values.set(this.#rest.name, "");
      return;
    }
    if (this.#rest) {
      this.#values.set(this.#rest.name, this.#restNamed && this.#stretches.length === 1 ? unquoted(words) : words);
      return;
    }
    const cut = cutText(words, 40);
    const options = listed(
      this.#options.map(({ name }) => `${name}:…`),
      "commas",
    );
    this.#problem(
      this.#options.length === 0
        ? text("problem.words.no-options", { words: cut })
        : text("problem.words.options", { words: cut, options }),
    );
  }

  #spacedNote(rule: OptionSpec, valueAt: number) {
    const word = wordAt(this.#text, skipSpaces(this.#text, valueAt));
    if (plausible(rule, word, this.#spoken))
      this.#note(
        text("note.left-in-prompt.spaced", { written: `${rule.name}: ${word}`, meant: `${rule.name}:${word}` }),
      );
  }

  /** `seed:12 000 fox`: the 000 is a word of the prompt now. */
  #groupNote(rule: OptionSpec, value: string, end: number) {
    const [groups] = /^(?:[ \u00a0\u2009\u202f]\d{3})+(?!\S)/u.exec(this.#text.slice(end, end + WORD_MAX_CHARS)) ?? [];
    if (groups === undefined || rule.kind !== "integer" || !/^\d{1,3}$/u.test(value)) return;
    const left = groups.trim();
    this.#note(
      text("note.number-cut", {
        option: rule.name,
        value,
        rest: left,
        meant: `${rule.name}:${value}${left.replace(/\s/gu, "")}`,
      }),
    );
  }

  /** `sede:7`, `seed=7` and `--seed 7` stay in the prompt, but probably were not meant as words. */
  #nearMiss(at: number) {
    if (at > HINTS_WITHIN_CHARS || this.#notes.size >= NOTES_MAX || !this.#rest) return;
    const word = wordAt(this.#text, at);
    const [, dashes, name, sign, attached] =
      /^(-{0,2})(\p{L}[\p{L}\p{M}\p{N}_]{1,31})([:：=]?)(.*)$/su.exec(word) ?? [];
    if (dashes === undefined || name === undefined || (dashes === "" && sign === "")) return;
    const value = sign === "" ? wordAt(this.#text, skipSpaces(this.#text, at + word.length)) : (attached ?? "");
    const lower = name.toLowerCase();
    const exact = this.#byName(name);
    const near = this.#options.filter(
      (rule) => rule.name.length > 2 && editDistance(rule.name.toLowerCase(), lower) <= 1,
    );
    const rule = exact ?? near.find((one) => plausible(one, value, this.#spoken));
    if (!rule || !plausible(rule, value, this.#spoken)) return;
    const written = sign === "" ? `${word} ${value}` : word;
    this.#note(text("note.left-in-prompt", { written, meant: `${rule.name}:${trimEndOf(value, ",;.")}` }));
  }

  #note(sentence: Text) {
    if (this.#notes.size < NOTES_MAX) this.#notes.set(JSON.stringify(sentence), sentence);
  }
}

/** A value this option would take, so that `scene:night` is not taken for a misspelt option. */
function plausible(rule: OptionSpec, value: string, spoken: Spoken): boolean {
  const bare = trimEndOf(value, ",;.").toLowerCase();
  if (bare === "") return false;
  if (choiceOf(rule, bare, spoken) !== undefined || rule.words?.some((word) => isWord(word, bare, spoken)) === true)
    return true;
  if (rule.kind === "boolean") return !/^\d+$/u.test(bare) && yesOrNo(bare, spoken) !== undefined;
  return numberIn(rule, bare).is !== "none";
}

/** `prompt:"a red fox"` is the text without its quotes; with quotes inside, all of them are lettering. */
function unquoted(words: string): string {
  const inner = words.slice(1, -1);
  const pair = /^"[^"]*"$|^“[^“”]*”$/u.test(words);
  return pair ? inner.trim() : words;
}

const WORD_MAX_CHARS = 60;

function wordAt(text: string, at: number): string {
  return /^\S*/u.exec(text.slice(at, at + WORD_MAX_CHARS))?.[0] ?? "";
}

function skipSpaces(text: string, from: number): number {
  let at = from;
  while (at < text.length && isSpace(text[at])) at += 1;
  return at;
}

function skipSeparators(text: string, from: number): number {
  let at = from;
  while (text[at] === "," || text[at] === ";") at += 1;
  return at;
}

const isSpace = (char: string | undefined): boolean => char !== undefined && /\s/u.test(char);
