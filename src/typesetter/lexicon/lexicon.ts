import { readFileSync } from "node:fs";
import type { Language } from "./languages.ts";

/** A thing that is asked for, and the signs that stand for it. */
export interface Concept {
  /** 1: a movement's phrase, its sign leads; 2: a thing; 3: weak, drawn only where nothing of 1 or 2 was found. */
  readonly rank: 1 | 2 | 3;
  /** `set:name`, the best first. */
  readonly pictures: readonly string[];
  /** Concepts and names of signs that are kept away; `*` stands for any letters. */
  readonly never?: readonly string[];
}

/** What an English word means beside certain others; without `concept` nothing. */
export interface Ambiguous {
  readonly concept?: string;
  /** Tried first, in order: all words of one of the list within three words. `#day`, `#year`, `#number`, `#colour`: one of these. */
  readonly near?: readonly (readonly [words: readonly string[], concept: string | null])[];
}

/** The small words of a language: `|`-free lists, `*` for any ending. */
export interface Grammar {
  /** Tell the language, and name nothing. */
  readonly function: readonly string[];
  readonly article: readonly string[];
  readonly indefinite: readonly string[];
  /** What the picture itself may be called, where it is said what it is about. */
  readonly poster: readonly string[];
  /** What it is called wherever it stands. */
  readonly self: readonly string[];
  /** "without": the next noun is denied, whatever word stands between. */
  readonly strong: readonly string[];
  /** "not": the next noun is denied where only `filler` stands between. */
  readonly weak: readonly string[];
  /** Has a negation in it, and denies nothing: "not only". */
  readonly notDenied: readonly string[];
  readonly filler: readonly string[];
  /** Denies the noun before it. */
  readonly after?: readonly string[];
  readonly afterFiller?: readonly string[];
  readonly or: readonly string[];
  readonly and: readonly string[];
  /** After the name of the picture: what it is about. */
  readonly about: readonly string[];
  /** Before the colour of the ground. */
  readonly on: readonly string[];
  readonly place: Readonly<Record<PlaceName, readonly string[]>>;
  readonly small: readonly string[];
  readonly large: readonly string[];
  readonly narrow: readonly string[];
  readonly capitals: readonly string[];
  readonly portrait: readonly string[];
}

/** How a prompt says that something is to be written. `*`: any ending. */
export interface LetteringWords {
  /** Verbs and nouns, none of which is itself to be seen: "that says", "in big letters". */
  readonly lettering: readonly string[];
  /** What joins these to what is to be seen, and means nothing at the end of a thought. */
  readonly joining: readonly string[];
}

export type PlaceName = "top" | "centre" | "below" | "bottom" | "left" | "right";
export type ByLanguage = Readonly<Partial<Record<Language, readonly string[]>>>;

/** The files of this folder, each read when it is first asked for. They are our own: a test holds them to these shapes. */
const once = <T>(file: string): (() => T) => {
  let data: T | undefined;
  return () => {
    data ??= JSON.parse(readFileSync(new URL(`./${file}.json`, import.meta.url), "utf8")) as T;
    return data;
  };
};

export const concepts = once<Readonly<Record<string, Concept>>>("concepts");
export const ambiguousWords = once<Readonly<Record<string, Ambiguous>>>("ambiguous");
/** English nouns that no concept has, each with the one sign that was looked at. */
export const nouns = once<Readonly<Record<string, string>>>("nouns");
/** People whose names have parts that would be things. Lower case. */
export const names = once<readonly string[]>("names");
export const colourWords = once<Readonly<Record<string, ByLanguage>>>("colours");
export const moodWords = once<Readonly<Record<string, ByLanguage>>>("moods");
export const shadeWords = once<Readonly<Record<string, ByLanguage>>>("shades");
export const backgroundWords = once<ByLanguage>("backgrounds");
/** Ukrainian is read with Russian. */
export const letteringWords = once<Readonly<Record<Language, LetteringWords>>>("lettering");
export const grammars = once<Readonly<Record<Language, Grammar>>>("grammar");

/** Of one language, by concept. Read anew each time: what is built of them is kept, they are not. */
export const phrasesOf = (language: Language): Readonly<Record<string, readonly string[]>> =>
  once<Readonly<Record<string, readonly string[]>>>(`phrases.${language}`)();
