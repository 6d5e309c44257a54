import { listed, type Text, text } from "../../domain/text.ts";
import { cutText } from "../../lib/text.ts";
import type { OptionSpec } from "../option.ts";

const PROBLEMS_MAX = 20;
const NOTES_MAX = 5;
const TAKEN_MAX = 15;
const LEFT_OUT_MAX = 8;
const VALUE_MAX_CHARS = 200;
const WORDS_MAX_CHARS = 40;

/** What a member is told about a line they typed; each sentence once. */
export class Said {
  readonly #problems = new Map<string, Text>();
  readonly #notes = new Map<string, Text>();
  /** As `name:value`. */
  readonly #taken: string[] = [];
  readonly #leftOut: string[] = [];

  get problems(): readonly Text[] {
    return [...this.#problems.values()];
  }

  /** What was taken or left out comes first: it changes the picture. */
  get notes(): readonly Text[] {
    return [
      ...(this.#taken.length > 0 ? [text("note.taken", { taken: listed(this.#taken, "commas") })] : []),
      ...(this.#leftOut.length > 0 ? [text("note.left-out", { words: listed(this.#leftOut, "commas") })] : []),
      ...this.#notes.values(),
    ];
  }

  /** Something was read from between the words. */
  get hasTaken(): boolean {
    return this.#taken.length + this.#leftOut.length > 0;
  }

  take(name: string, value: string) {
    if (this.#taken.length < TAKEN_MAX) this.#taken.push(`${name}:${cutText(value, VALUE_MAX_CHARS)}`);
  }

  leaveOut(words: string) {
    if (this.#leftOut.length < LEFT_OUT_MAX) this.#leftOut.push(cutText(words.replace(/\s+/gu, " "), WORDS_MAX_CHARS));
  }

  problem(sentence: Text) {
    if (this.#problems.size < PROBLEMS_MAX) this.#problems.set(JSON.stringify(sentence), sentence);
  }

  /** These words belong to none of these options. */
  noOption(words: string, options: readonly OptionSpec[]) {
    const cut = cutText(words, WORDS_MAX_CHARS);
    const names = options.map(({ name }) => `${name}:…`);
    this.problem(
      names.length === 0
        ? text("problem.words.no-options", { words: cut })
        : text("problem.words.options", { words: cut, options: listed(names, "commas") }),
    );
  }

  note(sentence: Text) {
    if (this.#notes.size < NOTES_MAX) this.#notes.set(JSON.stringify(sentence), sentence);
  }
}
