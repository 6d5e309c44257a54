import type { Spoken } from "../../domain/spoken.ts";
import { sentences, type Text, text } from "../../domain/text.ts";
import { Quotations, unquoted } from "../../lib/quotes.ts";
import { cutText, trimEndOf } from "../../lib/text.ts";
import type { OptionSpec } from "../option.ts";
import { accepts, resembles } from "./accepts.ts";
import { idleFlag, isOurs, ourName, ourValue, UNWANTED } from "./foreign.ts";
import { type Head, headAt, isSeparator, isSpace, SEPARATORS, skipSpaces } from "./heads.ts";
import { pastedAt } from "./pasted.ts";
import { type ArgsRule, describeValue } from "./rules.ts";
import { Said } from "./said.ts";
import { spread } from "./spread.ts";
import type { Typed, Typing } from "./typing.ts";
import { groupsAt, listEndAt, phraseAt, valueAt, wordEnd } from "./value-at.ts";
import { optionsByName, optionsNear } from "./words.ts";

/** No prompt is that long; looking further would only serve who wants to keep us busy. */
const HABITS_WITHIN_CHARS = 10_000;

/**
 * `a red fox seed:7 size:poster` by these rules. A command's own options count at the start of a word, outside quotes:
 * - `name:value` always; a wrong value is refused.
 * - `name: value`, `name=value`, `--name value`, what other programs call an option and settings pasted from them: where
 *   the option surely takes the value. A note says so; else they stay words, and a note says what would be taken.
 * - What must not be in the picture, and what is a phrase, goes on to the next option or the end.
 * A value is one word or one quoted text. Everything else belongs to the rest option as typed: `portrait: a cat`,
 * addresses, 10:30 and `--` are words. In a form's field nothing is refused. Linear in the text; never throws.
 */
export function parseTyped(rules: ArgsRule, typed: string, typing: Typing): Typed {
  return new Reader(rules, typed, typing).read();
}

class Reader {
  readonly #text: string;
  readonly #options: readonly OptionSpec[];
  readonly #byName: (written: string) => OptionSpec | undefined;
  readonly #spoken: Spoken;
  readonly #filledIn: ReadonlySet<string> | undefined;
  readonly #plainOnly: boolean;
  readonly #rest: OptionSpec | undefined;
  readonly #quotes: Quotations;
  readonly #values = new Map<string, string>();
  readonly #said = new Said();
  /** Stretches of the rest option, as typed, and of what is not wanted. */
  readonly #stretches: string[] = [];
  readonly #unwanted: string[] = [];
  #into = this.#stretches;
  #unwantedNoted = false;
  #restNamed = false;
  #stretchFrom = 0;

  constructor(rules: ArgsRule, typed: string, { spoken, filledIn, plainOnly = false }: Typing) {
    this.#text = typed;
    this.#options = rules.options;
    this.#byName = optionsByName(rules.options, spoken);
    this.#spoken = spoken;
    this.#filledIn = filledIn;
    this.#plainOnly = plainOnly;
    this.#rest = rules.options.find(({ rest }) => rest);
    this.#quotes = new Quotations(typed);
  }

  read(): Typed {
    let at = 0;
    while (at < this.#text.length) {
      const next = this.#atWordStart(at) ? (this.#pasted(at) ?? this.#option(at)) : this.#marked(at);
      at = next ?? this.#quotes.endAt(at) ?? at + 1;
    }
    this.#endStretch(this.#text.length);
    this.#useUnwanted();
    this.#useRest();
    return { values: this.#values, problems: this.#said.problems, notes: this.#said.notes };
  }

  #atWordStart(at: number): boolean {
    const before = this.#text[at - 1];
    return (
      (at === 0 || isSpace(before) || isSeparator(before)) && !isSpace(this.#text[at]) && !isSeparator(this.#text[at])
    );
  }

  /** Reads an option that starts here and says where to go on; `undefined`: these are words. */
  #option(at: number): number | undefined {
    const head = headAt(this.#text, at);
    if (head === undefined) return this.#marked(at);
    const own = this.#byName(head.name);
    const rule = this.#called(head);
    if (rule === undefined) return this.#notOurs(at, head);
    if (rule === this.#rest) return head.flag || head.sign !== ":" ? undefined : this.#restOption(at, head);
    if (rule.name === UNWANTED && this.#rest) return this.#plainOnly ? undefined : this.#unwantedOption(at, head);
    const typedSo = own !== undefined && !head.flag && head.sign === ":" && !head.spaced;
    const afterSpace = at === 0 || isSpace(this.#text[at - 1]);
    const phrase = rule.phrase === true && head.sign !== undefined;
    if (!phrase && this.#rest && (!typedSo || !afterSpace || this.#filledIn)) return this.#habit(at, head, rule);
    // Without a rest option nothing else can be meant, so the space is forgiven.
    const { value, end } = phrase
      ? phraseAt(this.#text, head.valueAt, this.#quotes, (next) => this.#atWordStart(next) && this.#begins(next))
      : valueAt(this.#text, head.valueAt, rule, this.#quotes);
    this.#endStretch(at);
    this.#set(rule.name, rule.name === "size" ? ourValue(rule, value) : value);
    if (this.#rest) this.#groupNote(rule, value, end);
    this.#stretchFrom = end;
    return end;
  }

  #restOption(at: number, { spaced, valueAt }: Head): number | undefined {
    // "a writer at the prompt: nothing" is a sentence.
    if (spaced && this.#wordsBefore(at)) return undefined;
    this.#endStretch(at);
    if (this.#restNamed && this.#rest) this.#said.problem(text("problem.option.twice", { option: this.#rest.name }));
    this.#restNamed = true;
    this.#stretchFrom = valueAt;
    return valueAt;
  }

  #wordsBefore(at: number): boolean {
    if (this.#stretches.length > 0) return true;
    return this.#into === this.#stretches && this.#text.slice(this.#stretchFrom, at).trim() !== "";
  }

  /** Taken where the option surely takes this value. */
  #habit(at: number, head: Head, rule: OptionSpec): number | undefined {
    if (this.#plainOnly || at > HABITS_WITHIN_CHARS || rule.kind === "attachment") return undefined;
    const { value, end } = valueAt(this.#text, head.valueAt, rule, this.#quotes);
    const ours = ourValue(rule, trimEndOf(value, ".:!"));
    // "the picture: 12 foxes" is a sentence.
    const open = rule.kind === "text" && rule.choices === undefined && rule.name !== "size";
    if (!accepts(rule, ours, this.#spoken) || (open && head.spaced && !head.flag)) {
      if (!open && resembles(rule, ours, this.#spoken))
        this.#said.note(sentences(this.#leftNote(at, end), describeValue(rule, ours)));
      return undefined;
    }
    const written = this.#text.slice(at, end);
    if (this.#filledIn?.has(rule.name) === true) {
      this.#said.note(sentences(this.#leftNote(at, end), text("note.filled-in", { option: rule.name })));
      return undefined;
    }
    this.#endStretch(at);
    this.#take(rule, ours);
    this.#groupNote(rule, ours, at + trimEndOf(written, SEPARATORS).length);
    this.#stretchFrom = end;
    return end;
  }

  #leftNote(at: number, end: number): Text {
    return text("note.left-in-prompt.why", { written: cutText(trimEndOf(this.#text.slice(at, end), SEPARATORS), 60) });
  }

  /** `--no a, b`, `negative: a`: on to the next option or the end, unless the value is quoted or the first thing typed. */
  #unwantedOption(at: number, head: Head): number {
    const { valueAt: from } = head;
    const quoted = this.#quotes.endAt(from);
    const before = this.#wordsBefore(at);
    const plain = !head.flag && head.sign === ":" && !head.spaced && this.#byName(head.name)?.name === UNWANTED;
    this.#endStretch(at);
    this.#into = this.#unwanted;
    this.#stretchFrom = from;
    if (!plain || this.#filledIn) this.#unwantedNoted = true;
    if (quoted !== undefined && (quoted >= this.#text.length || /[\s;]/u.test(this.#text[quoted] ?? ""))) {
      this.#endStretch(quoted);
      return quoted;
    }
    if (!plain || before) return from;
    const end = listEndAt(this.#text, from, (next) => this.#begins(next));
    this.#endStretch(end);
    const next = skipSpaces(this.#text, end);
    if (next < this.#text.length && !this.#begins(next)) this.#unwantedNoted = true;
    return end;
  }

  /** `###` parts what is wanted from what is not, as in the prompts of the Horde. */
  #marked(at: number): number | undefined {
    if (this.#text[at] !== "#" || !this.#text.startsWith("###", at) || this.#plainOnly || !this.#wordsBefore(at))
      return undefined;
    if (this.#byName(UNWANTED) === undefined) return undefined;
    this.#endStretch(at);
    this.#into = this.#unwanted;
    this.#unwantedNoted = true;
    let end = at;
    while (this.#text[end] === "#") end += 1;
    this.#stretchFrom = end;
    return end;
  }

  #begins(at: number): boolean {
    const head = headAt(this.#text, at);
    return head !== undefined && this.#called(head) !== undefined;
  }

  #called = (head: Head): OptionSpec | undefined =>
    this.#byName(head.name) ?? this.#byName(ourName(head.name, head.flag) ?? "");

  /** Settings of another program: ours are taken, the others do nothing here. */
  #pasted(at: number): number | undefined {
    const pasted = this.#rest && !this.#plainOnly && pastedAt(this.#text, at);
    if (!pasted) return undefined;
    this.#endStretch(at);
    for (const { name, value } of pasted.pairs) {
      const rule = this.#byName(name) ?? this.#byName(ourName(name, false) ?? "");
      const ours = rule && ourValue(rule, value);
      const free = rule && !this.#values.has(rule.name) && this.#filledIn?.has(rule.name) !== true;
      if (free && ours !== undefined && accepts(rule, ours, this.#spoken)) this.#take(rule, ours);
      else this.#said.leaveOut(`${name}: ${value}`);
    }
    this.#stretchFrom = pasted.end;
    return pasted.end;
  }

  /** An option that this command does not have. */
  #notOurs(at: number, head: Head): number | undefined {
    if (this.#plainOnly || at > HABITS_WITHIN_CHARS || !this.#rest) return undefined;
    const word = this.#text.slice(at, wordEnd(this.#text, head.valueAt));
    const value = trimEndOf(this.#text.slice(head.valueAt, at + word.length), `${SEPARATORS}.`);
    const idle = head.flag && head.sign === undefined ? idleFlag(head.name) : undefined;
    if (idle !== undefined || (head.flag && /^--style\s+raw$/iu.test(word))) {
      const end = idle === "alone" ? at + this.#text.slice(at).search(/\s|$/u) : at + word.length;
      this.#endStretch(at);
      this.#said.leaveOut(this.#text.slice(at, end));
      this.#stretchFrom = end;
      return end;
    }
    const near = optionsNear(this.#options, head.name).find((rule) =>
      accepts(rule, ourValue(rule, value), this.#spoken),
    );
    if (near && (head.flag || !head.spaced)) {
      const meant = `${near.name}:${ourValue(near, value)}`;
      this.#said.note(text("note.left-in-prompt", { written: cutText(trimEndOf(word, SEPARATORS), 60), meant }));
    } else if (isOurs(head.name) && (head.flag || head.sign === "=")) {
      const option = head.name.toLowerCase();
      this.#said.note(sentences(this.#leftNote(at, at + word.length), text("note.no-option", { option })));
    }
    return undefined;
  }

  #set(option: string, value: string) {
    if (this.#values.has(option)) this.#said.problem(text("problem.option.twice", { option }));
    else this.#values.set(option, value);
  }

  #take(rule: OptionSpec, value: string) {
    this.#set(rule.name, value);
    this.#said.take(rule.name, value);
  }

  #endStretch(to: number) {
    const words = this.#text.slice(this.#stretchFrom, to).trim();
    if (words !== "") this.#into.push(words);
    this.#stretchFrom = to;
    this.#into = this.#stretches;
  }

  #useUnwanted() {
    const words = this.#unwanted
      .map((one) => unquoted(trimEndOf(one, `${SEPARATORS} `)))
      .filter((one) => one !== "")
      .join(", ");
    if (words === "") return;
    this.#values.set(UNWANTED, words);
    const noted = this.#unwantedNoted || this.#unwanted.some((one) => /\s/u.test(one) && unquoted(one) === one);
    if (noted) this.#said.take(UNWANTED, `"${words}"`);
  }

  #useRest() {
    const sentence = this.#stretches.join(" ");
    // What parted the words from the options after them.
    const words = this.#said.hasTaken ? trimEndOf(sentence, `${SEPARATORS} `) : sentence;
    if (this.#spread(words)) return;
    if (words === "" && !(this.#rest && this.#restNamed)) return;
    if (this.#rest) {
      this.#values.set(this.#rest.name, this.#restNamed && this.#stretches.length === 1 ? unquoted(words) : words);
      return;
    }
    this.#said.noOption(words, this.#options);
  }

  /** `/edit cfg 5`, `/vary subtle 2`, `/history mine`: see `spread`. */
  #spread(words: string): boolean {
    if (words === "" || this.#restNamed || this.#plainOnly) return false;
    const found = spread(this.#options, words, this.#spoken);
    // `pictures:12, 14`: the rest of a list that was begun.
    if (this.#options.some(({ name, names }) => names === "picture" && found?.has(name) && this.#values.has(name)))
      return false;
    for (const [name, value] of found ?? []) {
      this.#set(name, value);
      // Of a choice nothing else could have been meant.
      if (this.#rest && this.#rest.choices === undefined) this.#said.take(name, value);
    }
    return found !== undefined;
  }

  /** `seed:12 000 fox`: the 000 is a word of the prompt now. */
  #groupNote(rule: OptionSpec, value: string, end: number) {
    const left = rule.kind === "integer" && /^\d{1,3}$/u.test(value) ? groupsAt(this.#text, end) : undefined;
    if (left === undefined) return;
    const meant = `${rule.name}:${value}${left.replace(/\s/gu, "")}`;
    this.#said.note(text("note.number-cut", { option: rule.name, value, rest: left, meant }));
  }
}
