import { type Colour, mixColours } from "../../lib/colour.ts";
import type { Language } from "../lexicon/languages.ts";
import { longestFirst, type Match } from "./phrase-trie.ts";
import type { Token } from "./tokens.ts";
import { vocabularyOf } from "./vocabulary.ts";
import { COLOURS, type Inks, MOODS } from "./words.ts";

/** A colour in a text, with the shade beside it. */
export interface Tone {
  readonly from: number;
  readonly to: number;
  readonly colour: Colour;
  /** Of the word it was read from. */
  readonly letters: number;
  /** Said to be the paper's. */
  readonly ground: boolean;
}

/** Pairs that a printer has an ink of its own for; others are mixed. */
const SHADED: Readonly<Record<string, string>> = {
  "light blue": "sky",
  "light green": "mint",
  "light grey": "silver",
  "light brown": "tan",
  "dark blue": "navy",
  "dark green": "forest",
  "dark red": "maroon",
  "dark grey": "charcoal",
};

/** One Han character is a colour only where it stands with what is coloured: a 黄河 is a river, and no yellow. */
const COLOURED_BESIDE = /^[色背底字旗星拳]$/u;
const COLOUR_AFTER = /^[和与與]$/u;

/** Of the shortest German words for a shade, and for a colour. */
const SHADE_LETTERS = 4;
const COLOUR_LETTERS = 3;
const SHADED_MAX_LETTERS = 24;

/** Money, oil and wine, unless it is said that a colour is meant: "en or", "rojo y oro". */
const MONEY = /^(?:or|argent|plata|oro|prata|ouro|vino|vinho|petróleo)$/u;
const COLOUR_BEFORE = /^(?:couleur|color|cor|en|em|et|y|e|azul)$/u;

/** Every colour word, whether or not it turns out to be a thing. */
export function tonesIn(tokens: readonly Token[], languages: readonly Language[]): readonly Tone[] {
  const taken = new Set<number>();
  const found = languages.flatMap((language) => {
    const colours = longestFirst(vocabularyOf(language).colours, tokens, taken, (match) => isSaid(match, tokens));
    const plain = colours.map((match) => toneOf(match, tokens, taken));
    return language === "de" ? [...plain, ...compoundTones(tokens, taken)] : plain;
  });
  return found.sort((a, b) => a.from - b.from);
}

function isSaid(match: Match<string>, tokens: readonly Token[]): boolean {
  const token = tokens[match.from];
  const [before, after] = [tokens[match.from - 1], tokens[match.to]];
  if (match.to - match.from > 1 || !token) return true;
  switch (match.language) {
    case "zh":
      return (
        (after !== undefined && COLOURED_BESIDE.test(after.word)) ||
        (before !== undefined && COLOUR_AFTER.test(before.word))
      );
    case "es":
    case "pt":
    case "fr":
      if (token.word === "rosa" && token.capital && match.from > 0) return false;
      return !MONEY.test(token.word) || COLOUR_BEFORE.test(before?.word ?? "");
    case "en":
    case "de":
    case "ru":
    case "ar":
    case "hi":
      return true;
  }
}

/** "dunkelrot" is one word in German. */
function compoundTones(tokens: readonly Token[], taken: ReadonlySet<number>): readonly Tone[] {
  const { colours, shades } = vocabularyOf("de");
  return tokens.flatMap((token, index) => {
    if (token.mark || taken.has(index) || token.word.length > SHADED_MAX_LETTERS) return [];
    for (let cut = SHADE_LETTERS; cut <= token.word.length - COLOUR_LETTERS; cut++) {
      const [shade] = longestFirst(shades, [{ ...token, word: token.word.slice(0, cut) }], new Set());
      const [colour] = shade ? longestFirst(colours, [{ ...token, word: token.word.slice(cut) }], new Set()) : [];
      if (!shade || !colour) continue;
      const ground = groundIs("de", tokens, index, index + 1);
      return [
        { from: index, to: index + 1, letters: token.word.length, colour: shaded(colour.value, shade.value), ground },
      ];
    }
    return [];
  });
}

function toneOf(match: Match<string>, tokens: readonly Token[], taken: Set<number>): Tone {
  const { language, value } = match;
  const vocabulary = vocabularyOf(language);
  const at = colourComesAfter(language) ? match.to : match.from - 1;
  const beside = tokens[at];
  const shade =
    beside && !beside.mark && !taken.has(at)
      ? longestFirst(vocabulary.shades, [beside], new Set())[0]?.value
      : undefined;
  if (shade !== undefined) taken.add(at);
  const [from, to] =
    shade === undefined ? [match.from, match.to] : [Math.min(match.from, at), Math.max(match.to, at + 1)];
  return {
    from,
    to,
    letters: match.letters,
    colour: shaded(value, shade),
    ground: groundIs(language, tokens, from, to),
  };
}

/** What is coloured stands first, then the colour, then its shade. */
const colourComesAfter = (language: Language): boolean => /^(?:es|fr|pt|ar)$/u.test(language);

const inkOf = (id: string): Colour => COLOURS[id] ?? "#8b8a85";

function shaded(id: string, shade: string | undefined): Colour {
  const own = shade === undefined ? undefined : SHADED[`${shade} ${id}`];
  if (own !== undefined) return inkOf(own);
  if (shade === "light") return mixColours(inkOf(id), "#ffffff", 0.5);
  if (shade === "dark") return mixColours(inkOf(id), "#000000", 0.4);
  return inkOf(id);
}

/** "black background", "on deep red", "sobre fondo negro", "на чёрном фоне", "红色背景". */
function groundIs(language: Language, tokens: readonly Token[], from: number, to: number): boolean {
  const { grounds, small } = vocabularyOf(language);
  const isGround = (index: number): boolean => {
    const all = longestFirst(grounds, tokens.slice(index, index + 2), new Set());
    return all.some((match) => match.from === 0);
  };
  if (colourComesAfter(language)) {
    const before = tokens[from - 1];
    if (before && !before.mark && isGround(from - 1)) return true;
  } else {
    const next = tokens[to];
    if (next && !next.mark && isGround(next.word === "色" ? to + 1 : to)) return true;
  }
  for (let index = from - 1; index >= Math.max(0, from - 3); index--) {
    const word = tokens[index]?.word ?? "";
    if (small.on.has(word)) return true;
    if (!small.article.has(word) && !/^(?:plain|solid)$/u.test(word)) return false;
  }
  return false;
}

/** The first mood of the text, where it is not part of a longer phrase. */
export function moodIn(
  tokens: readonly Token[],
  languages: readonly Language[],
  taken: ReadonlySet<number>,
): { readonly inks: Inks | undefined; readonly tokens: readonly number[] } {
  const found = languages
    .flatMap((language) => longestFirst(vocabularyOf(language).moods, tokens, new Set(taken)))
    .sort((a, b) => a.from - b.from);
  const spoken = found.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, index) => from + index));
  return { inks: MOODS[found[0]?.value ?? ""], tokens: spoken };
}
