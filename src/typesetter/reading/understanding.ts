import type { Colour } from "../../lib/colour.ts";
import type { Language } from "../lexicon/languages.ts";
import type { Concept } from "../lexicon/lexicon.ts";
import { languagesOf } from "./language.ts";
import { deniedIn } from "./negation.ts";
import { knownPeople, portraitAsked, type Span, surnamesIn } from "./people.ts";
import { longestFirst } from "./phrase-trie.ts";
import { conceptOf, type Named, type NamedInput, namedIn } from "./things.ts";
import { leadInOf } from "./title.ts";
import { type Token, tokensOf } from "./tokens.ts";
import { moodIn, type Tone, tonesIn } from "./tones.ts";
import { unknownIn } from "./unknown.ts";
import { stylesTrie, vocabularyOf } from "./vocabulary.ts";
import { type Inks, TECHNIQUES } from "./words.ts";

/** Something to be drawn. */
export interface Thing {
  /** As the member wrote it. */
  readonly words: string;
  /** Of the lexicon; absent: an English noun outside it. */
  readonly concept?: string;
  readonly rank: Concept["rank"];
  /** `set:name`, the best first; any of them stands for it. */
  readonly pictures: readonly string[];
  readonly never: readonly string[];
  /** Asked to be large. */
  readonly large: boolean;
  /** The word is a mood first: a night's moon comes after every other subject. */
  readonly mood?: boolean;
}

/** What a sketch cannot make, though it was asked for. */
export type Impossible = "chart" | "map" | "portrait";

/** What a text asks for, as far as the lexicon knows its words. */
export interface Understanding {
  /** The text's own language first. */
  readonly languages: readonly Language[];
  /** What is to be large first. */
  readonly things: readonly Thing[];
  /** Asked not to be drawn. */
  readonly denied: readonly Thing[];
  /** In the text's order, without the ground. */
  readonly colours: readonly Colour[];
  readonly background: Colour | undefined;
  readonly mood: Inks | undefined;
  /** Words that nobody knows, as written, each once. */
  readonly unknown: readonly string[];
  /** Those of them that are asked for as a thing: "a platypus". */
  readonly unknownThings: readonly string[];
  readonly impossible: readonly Impossible[];
  /** Words for colours and moods, as written. */
  readonly toneWords: readonly string[];
  /** Of what is unwanted: colours and moods, which palettes have whatever a prompt asks for, and words that nobody knows. */
  readonly notKeptOut: readonly string[];
}

/** Concepts whose sign stands for what a sketch cannot plot. */
const IMPOSSIBLE: Readonly<Record<string, Impossible>> = { chart: "chart", "pie-chart": "chart", map: "map" };

/**
 * @param text without what is quoted
 * @param unwanted words for what is to be kept out
 */
export function understand(text: string, unwanted = ""): Understanding {
  const tokens = tokensOf(text);
  const languages = languagesOf(text, tokens);
  const taken = new Set<number>(leadInOf(tokens, languages).picture);
  const tones = tonesIn(tokens, languages);
  const grounds = tones.filter(({ ground }) => ground);
  takeAll(grounds, taken);
  longestFirst(stylesTrie(), tokens, taken);

  const people = [...knownPeople(tokens, taken)];
  const found = namedIn({ tokens, languages, taken, isColour: isColourOf(tones, tokens, languages) });
  people.push(...surnamesIn(tokens, languages, takeAll(tones, new Set(taken))));
  const named = found.filter(({ from, to }) => to - from > 1 || !isOf(people, from));
  const { denied, negations } = deniedIn(named, tokens, languages);
  const asked = named.filter((match) => !denied.has(match) && !negations.has(match));

  const colourless = [...people, ...named.filter((match) => !keepsColour(match))];
  const colours = tones.filter(({ from, to }) => !range(from, to).some((index) => isOf(colourless, index)));
  const phrases = found.filter(({ from, to }) => to - from > 1);
  const moods = moodIn(tokens, languages, takeAll([...phrases, ...people], new Set()));

  const things = ranked(
    asked.map((match) => ({ ...thingOf(match, text, tokens), mood: moods.tokens.includes(match.from) })),
  );
  const kept = unwanted.trim() === "" ? undefined : understand(unwanted);
  const unwantedThings = kept?.things ?? [];
  const unwantedIds = new Set(unwantedThings.map(idOf));
  const strange = unknownIn(tokens, languages, takeAll([...tones, ...people], taken.union(new Set(moods.tokens))));
  return {
    languages,
    things: things.filter((thing) => !unwantedIds.has(idOf(thing))),
    denied: [...[...denied].map((match) => thingOf(match, text, tokens)), ...unwantedThings],
    colours: [...new Set(colours.filter(({ ground }) => !ground).map(({ colour }) => colour))],
    background: grounds[0]?.colour,
    mood: moods.inks,
    unknown: writtenOnce(text, tokens, strange.words),
    unknownThings: writtenOnce(text, tokens, strange.things),
    toneWords: [...tones.map((tone) => written(text, tokens, tone)), ...writtenOnce(text, tokens, moods.tokens)],
    notKeptOut: kept ? [...new Set([...kept.toneWords, ...kept.unknown])] : [],
    impossible: impossibleIn(asked, portraitAsked(people, tokens, languages)),
  };
}

function takeAll(spans: readonly Span[], taken: Set<number>): Set<number> {
  for (const { from, to } of spans) for (const index of range(from, to)) taken.add(index);
  return taken;
}

function impossibleIn(asked: readonly Named[], portrait: boolean): readonly Impossible[] {
  const signs = asked.flatMap(({ value }) => (value.kind === "concept" ? (IMPOSSIBLE[value.id] ?? []) : []));
  return [...new Set(portrait ? [...signs, "portrait" as const] : signs)];
}

/** Things whose phrases name the colour they are to have: a red flag. Green parties and black history give none. */
const COLOURED: ReadonlySet<string> = new Set(["flag", "rose", "star", "ribbon", "cat"]);
const keepsColour = ({ value, from, to }: Named): boolean =>
  to - from > 1 && value.kind === "concept" && COLOURED.has(value.id);

const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
const isOf = (matches: readonly Span[], index: number): boolean =>
  matches.some(({ from, to }) => index >= from && index < to);
const written = (text: string, tokens: readonly Token[], { from, to }: Span): string =>
  text.slice(tokens[from]?.from ?? 0, tokens[to - 1]?.to ?? 0);

const writtenOnce = (text: string, tokens: readonly Token[], words: readonly number[]): readonly string[] => [
  ...new Set(words.map((index) => written(text, tokens, { from: index, to: index + 1 }))),
];

/** What makes two things the same. */
export const idOf = ({ concept, pictures }: Thing): string => concept ?? pictures[0] ?? "";

/** "A rose" is a flower and "rose" an ink; "red rose" is a red flower. */
function isColourOf(
  tones: readonly Tone[],
  tokens: readonly Token[],
  languages: readonly Language[],
): NamedInput["isColour"] {
  const small = languages.map((language) => vocabularyOf(language).small);
  const isArticle = (word: string): boolean => small.some(({ article }) => article.has(word)) || word === "of";
  return (index, letters) => {
    const tone = tones.find(({ from, to }) => index >= from && index < to);
    // "сердце" begins like a grey thing, and is a heart.
    if (!tone || letters > tone.letters) return false;
    const before = tokens[index - 1];
    if (!before || before.mark) return true;
    return (
      !isArticle(before.word) && !(isOf(tones, index - 1) && !tones.some(({ from, to }) => from < index && to > index))
    );
  };
}

function thingOf(match: Named, text: string, tokens: readonly Token[]): Thing {
  const concept = match.value.kind === "concept" ? conceptOf(match.value.id) : undefined;
  return {
    words: written(text, tokens, match),
    ...(match.value.kind === "concept" ? { concept: match.value.id } : {}),
    rank: concept?.rank ?? 2,
    pictures: concept?.pictures ?? (match.value.kind === "noun" ? [match.value.picture] : []),
    never: concept?.never ?? [],
    large: isLarge(match, tokens),
  };
}

/** "a giant fist", "un puño enorme". */
function isLarge({ from, to, language }: Named, tokens: readonly Token[]): boolean {
  const { large } = vocabularyOf(language).small;
  return [from - 1, to].some((index) => {
    const token = tokens[index];
    return token !== undefined && !token.mark && longestFirst(large, [token], new Set()).length > 0;
  });
}

/**
 * Each once, without what another keeps away; weak ones only where there are no others. What is asked to be large leads, then
 * a movement's phrase, then what was named first.
 */
function ranked(things: readonly Thing[]): readonly Thing[] {
  const subjects = things.filter(({ words }) => !TECHNIQUES.has(words.toLowerCase()));
  const drawable = subjects.length > 0 ? subjects : things;
  const kept = drawable.filter(
    ({ concept }) => !drawable.some(({ never }) => concept !== undefined && never.includes(concept)),
  );
  const strong = kept.filter(({ rank }) => rank < 3);
  const once = new Map<string, Thing>();
  for (const thing of strong.length > 0 ? strong : kept) {
    const known = once.get(idOf(thing));
    if (!known || (thing.large && !known.large)) once.set(idOf(thing), known ? { ...known, large: true } : thing);
  }
  const order = (thing: Thing): number => (thing.large ? 0 : thing.rank === 1 ? 1 : thing.mood ? 3 : 2);
  return [...once.values()].sort((a, b) => order(a) - order(b));
}
