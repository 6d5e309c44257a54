import type { Language } from "../lexicon/languages.ts";
import {
  type ByLanguage,
  backgroundWords,
  colourWords,
  grammars,
  moodWords,
  names,
  type PlaceName,
  phrasesOf,
  shadeWords,
} from "../lexicon/lexicon.ts";
import { type PhraseTrie, trieOf } from "./phrase-trie.ts";
import { folded } from "./tokens.ts";
import { COLOURS, MORE_MOODS, STYLE_PHRASES } from "./words.ts";

/** What the look-ups need of one language, built when a prompt is first read in it. */
export interface Vocabulary {
  readonly concepts: PhraseTrie<string>;
  readonly colours: PhraseTrie<string>;
  readonly moods: PhraseTrie<string>;
  readonly shades: PhraseTrie<string>;
  readonly grounds: PhraseTrie<"ground">;
  readonly small: Small;
}

/** The small words, folded as tokens are. */
export interface Small {
  readonly function: ReadonlySet<string>;
  readonly article: ReadonlySet<string>;
  readonly indefinite: ReadonlySet<string>;
  readonly filler: ReadonlySet<string>;
  readonly afterFiller: ReadonlySet<string>;
  readonly about: ReadonlySet<string>;
  readonly on: ReadonlySet<string>;
  readonly or: ReadonlySet<string>;
  readonly and: ReadonlySet<string>;
  readonly poster: PhraseTrie<"poster">;
  readonly self: PhraseTrie<"self">;
  readonly portrait: PhraseTrie<"portrait">;
  readonly large: PhraseTrie<"large">;
  readonly denial: PhraseTrie<"strong" | "weak" | "after" | "none">;
  /** Of the lettering. */
  readonly places: PhraseTrie<PlaceName>;
  readonly looks: PhraseTrie<Look>;
}

/** How lettering is asked to look. */
export type Look = "small" | "large" | "narrow" | "capitals";

/** Of a colour's or a mood's stem: what begins so and goes on is another word. */
const ADJECTIVE_ENDING = (): number => 4;
const built = new Map<Language, Vocabulary>();

export function vocabularyOf(language: Language): Vocabulary {
  const known = built.get(language) ?? build(language);
  built.set(language, known);
  return known;
}

function build(language: Language): Vocabulary {
  const table = (words: Readonly<Record<string, ByLanguage>>, more: readonly string[] = []) =>
    trieOf(
      language,
      [
        ...Object.entries(words).flatMap(([id, by]) => (by[language] ?? []).map((word) => [word, id] as const)),
        ...(language === "en" ? more.map((word) => [word, word] as const) : []),
      ],
      ADJECTIVE_ENDING,
    );
  return {
    concepts: trieOf(
      language,
      Object.entries(phrasesOf(language)).flatMap(([id, phrases]) => phrases.map((phrase) => [phrase, id] as const)),
    ),
    colours: table(
      colourWords(),
      Object.keys(COLOURS).filter((word) => word !== "forest" && !Object.hasOwn(colourWords(), word)),
    ),
    moods: table(moodWords(), MORE_MOODS),
    shades: table(shadeWords()),
    grounds: all(
      language,
      "ground",
      (backgroundWords()[language] ?? []).filter((word) => !/…|^on$/u.test(word)),
    ),
    small: smallOf(language),
  };
}

const PLACES = ["top", "centre", "below", "bottom", "left", "right"] as const;
const LOOKS = ["small", "large", "narrow", "capitals"] as const;

const all = <V>(language: Language, value: V, words: readonly string[]): PhraseTrie<V> =>
  trieOf(
    language,
    words.map((word) => [word, value] as const),
  );

function smallOf(language: Language): Small {
  const grammar = grammars()[language];
  // A Han character is a token.
  const set = (words: readonly string[] = []): ReadonlySet<string> =>
    new Set(words.flatMap((word) => (language === "zh" ? [...word] : [folded(word)])));
  return {
    function: set([...grammar.function, ...datesOf(language)]),
    article: set(grammar.article),
    indefinite: set(grammar.indefinite),
    filler: set(grammar.filler),
    afterFiller: set(grammar.afterFiller),
    about: set(grammar.about),
    on: set(grammar.on),
    or: set(grammar.or),
    and: set(grammar.and),
    poster: all(language, "poster", grammar.poster),
    self: all(language, "self", grammar.self),
    portrait: all(language, "portrait", grammar.portrait),
    large: all(language, "large", grammar.large),
    places: trieOf<PlaceName>(
      language,
      PLACES.flatMap((place) => grammar.place[place].map((word) => [word, place] as const)),
    ),
    looks: trieOf<Look>(
      language,
      LOOKS.flatMap((look) => grammar[look].map((word) => [word, look] as const)),
    ),
    denial: trieOf<"strong" | "weak" | "after" | "none">(language, [
      ...grammar.notDenied.map((word) => [word, "none"] as const),
      ...grammar.strong.map((word) => [word, "strong"] as const),
      ...grammar.weak.map((word) => [word, "weak"] as const),
      ...(grammar.after ?? []).map((word) => [word, "after"] as const),
    ]),
  };
}

/** Days and months: what happens then is drawn, they are not. */
function datesOf(language: Language): readonly string[] {
  const said = (part: "weekday" | "month", day: number, month: number): readonly string[] => {
    const format = new Intl.DateTimeFormat(language, { [part]: "long", timeZone: "UTC" });
    return format.format(Date.UTC(2024, month, day)).split(/[^\p{L}\p{M}]+/u);
  };
  return [
    ...Array.from({ length: 7 }, (_, day) => said("weekday", day + 1, 0)),
    ...Array.from({ length: 12 }, (_, month) => said("month", 1, month)),
  ].flat();
}

/** Names are the same in every language; Spanish is one that writes nothing onto its words. */
const namesTrie = (list: () => readonly string[]): (() => PhraseTrie<"name">) => {
  let trie: PhraseTrie<"name"> | undefined;
  return () => {
    trie ??= all("es", "name", list());
    return trie;
  };
};
export const peopleTrie = namesTrie(names);
export const stylesTrie = namesTrie(() => STYLE_PHRASES);
