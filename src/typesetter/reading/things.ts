import type { Language } from "../lexicon/languages.ts";
import { ambiguousWords, type Concept, concepts, nouns } from "../lexicon/lexicon.ts";
import { baseForms, singular } from "./english.ts";
import { loneCharacters } from "./han.ts";
import { longestFirst, type Match } from "./phrase-trie.ts";
import type { Token } from "./tokens.ts";
import { vocabularyOf } from "./vocabulary.ts";

/** A noun of a text and what it stands for. */
type Meaning =
  | { readonly kind: "concept"; readonly id: string }
  /** An English noun with one sign. */
  | { readonly kind: "noun"; readonly picture: string };

export type Named = Match<Meaning>;

export interface NamedInput {
  readonly tokens: readonly Token[];
  /** As `languagesOf` gives them. */
  readonly languages: readonly Language[];
  /** Tokens that are spoken for: a ground, a person. Those that are understood are added. */
  readonly taken: Set<number>;
  /** A colour here, and no thing of a phrase of so many letters: "rose and gold". */
  readonly isColour: (token: number, letters: number) => boolean;
}

/**
 * The things a text names: phrases of the lexicon, the longest first, in the text's own language before English; then words
 * whose sense their neighbours tell; then nouns whose one sign was looked at. What none of them knows stays unknown: an
 * abstract shape is better than a wrong noun.
 */
export function namedIn(input: NamedInput): readonly Named[] {
  const named = input.languages.flatMap((language) => phrasesIn(language, input));
  if (input.languages[0] === "de") named.push(...compoundsIn(input));
  if (input.languages[0] === "en") named.push(...sensesIn(input), ...nounsIn(input));
  return named.sort((a, b) => a.from - b.from);
}

export const conceptOf = (id: string): Concept | undefined =>
  Object.hasOwn(concepts(), id) ? concepts()[id] : undefined;

function phrasesIn(language: Language, { tokens, taken, isColour }: NamedInput): readonly Named[] {
  const isLone = language === "zh" ? loneCharacters(tokens) : () => true;
  const found = longestFirst(vocabularyOf(language).concepts, tokens, taken, (match) => {
    if (match.to - match.from > 1) return true;
    return isLone(match.from) && !isColour(match.from, match.letters);
  });
  return found.flatMap((match): readonly Named[] => {
    const sense =
      language === "en" && match.to - match.from === 1 ? senseOf(tokens, match.from, match.value) : undefined;
    const id = sense === undefined ? match.value : sense;
    return id === null ? [] : [{ ...match, value: { kind: "concept", id } }];
  });
}

/**
 * The concept that an ambiguous English word means here; `null`: none; `undefined`: it is not ambiguous.
 *
 * @param own what the lexicon has for it: "strikes" is as ambiguous as "strike", and housing is no house
 */
function senseOf(tokens: readonly Token[], at: number, own?: string): string | null | undefined {
  const word = tokens[at]?.word ?? "";
  const entry =
    entryOf(word) ??
    baseForms(word)
      .map(entryOf)
      .find((base) => base && own && base.concept === own);
  if (!entry) return undefined;
  const near = neighbours(tokens, at);
  const context = entry.near?.find(([words]) => words.some((all) => all.split(/[\s-]+/u).every((one) => near(one))));
  return context ? context[1] : (entry.concept ?? null);
}

const entryOf = (word: string) => (Object.hasOwn(ambiguousWords(), word) ? ambiguousWords()[word] : undefined);

const NEAR_WORDS = 3;

/** Whether a word, or a kind of word, stands within three words. */
function neighbours(tokens: readonly Token[], at: number): (word: string) => boolean {
  const words: string[] = [];
  const gather = (step: 1 | -1): void => {
    let left = NEAR_WORDS;
    for (let index = at + step; left > 0 && tokens[index]; index += step) {
      const token = tokens[index];
      if (!token || token.mark || (token.glued && token.word === "s")) continue;
      words.push(token.word, singular(token.word));
      left--;
    }
  };
  gather(-1);
  gather(1);
  const beside = [tokens[at - 1]?.word ?? "", tokens[at + 1]?.word ?? ""];
  return (word) => {
    switch (word) {
      case "#day":
        return beside.some((one) => /^(?:[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?$/u.test(one));
      case "#year":
        return beside.some((one) => /^(?:19|20)\d\d$/u.test(one));
      case "#number":
        return /^\d+$/u.test(beside[0] ?? "");
      case "#colour":
        return words.some((one) => /^(?:red|green|blue|pink|yellow|grey|gray|brown|purple|orange)$/u.test(one));
      default:
        return words.includes(word.replace(/['’].*$/u, ""));
    }
  };
}

const single = (tokens: readonly Token[], from: number, value: Meaning, language: Language): Named => ({
  from,
  to: from + 1,
  value,
  language,
  words: 1,
  letters: tokens[from]?.word.length ?? 0,
  stem: false,
});

function* free({ tokens, taken }: NamedInput): Generator<readonly [index: number, word: string]> {
  for (const [index, { word, mark }] of tokens.entries()) if (!mark && !taken.has(index)) yield [index, word];
}

function sensesIn(input: NamedInput): readonly Named[] {
  const found: Named[] = [];
  for (const [index] of [...free(input)]) {
    const id = input.isColour(index, 0) ? undefined : senseOf(input.tokens, index);
    // What is ambiguous and means nothing here is no noun either.
    if (id !== undefined) input.taken.add(index);
    if (typeof id === "string") found.push(single(input.tokens, index, { kind: "concept", id }, "en"));
  }
  return found;
}

function nounsIn(input: NamedInput): readonly Named[] {
  const found: Named[] = [];
  for (const [index, word] of [...free(input)]) {
    const noun = [word, singular(word)].find((form) => Object.hasOwn(nouns(), form));
    const picture = noun === undefined ? undefined : nouns()[noun];
    if (picture === undefined || input.isColour(index, word.length)) continue;
    input.taken.add(index);
    found.push(single(input.tokens, index, { kind: "noun", picture }, "en"));
  }
  return found;
}

/** Letters of a compound's last part at least, and of what stands before it. */
const LAST_PART_LETTERS = 4;
const FIRST_PART_LETTERS = 3;
/** Longer ones are no words. */
const COMPOUND_MAX_LETTERS = 40;

/** A German compound that no phrase knows is what its last part is: a Mietenstreik is a Streik. */
function compoundsIn(input: NamedInput): readonly Named[] {
  const { concepts: trie } = vocabularyOf("de");
  const found: Named[] = [];
  for (const [index, word] of [...free(input)]) {
    if (word.length > COMPOUND_MAX_LETTERS) continue;
    for (let cut = FIRST_PART_LETTERS; cut <= word.length - LAST_PART_LETTERS; cut++) {
      const part = tokenAlone(word.slice(cut));
      const [match] = longestFirst(trie, [part], new Set());
      if (!match) continue;
      input.taken.add(index);
      found.push(single(input.tokens, index, { kind: "concept", id: match.value }, "de"));
      break;
    }
  }
  return found;
}

const tokenAlone = (word: string): Token => ({
  word,
  from: 0,
  to: word.length,
  mark: false,
  capital: false,
  glued: false,
});
