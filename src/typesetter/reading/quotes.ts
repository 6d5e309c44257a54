import type { Language } from "../lexicon/languages.ts";
import type { PlaceName } from "../lexicon/lexicon.ts";
import { longestFirst, type PhraseTrie } from "./phrase-trie.ts";
import { tokensOf } from "./tokens.ts";
import { type Look, vocabularyOf } from "./vocabulary.ts";

type Position = "top" | "centre" | "below" | "bottom";
type Side = "left" | "right";
type Size = "large" | "normal" | "small";

/** A piece of lettering the prompt asks for. */
export interface Phrase {
  readonly text: string;
  /** `undefined`: the layout decides. */
  readonly position: Position | undefined;
  /** Asked to stand at this side. */
  readonly side?: Side;
  readonly size: Size;
  readonly narrow: boolean;
  /** The prompt says "in capitals". */
  readonly capitals: boolean;
}

/** More phrases than this are joined into the last: a poster with forty lines is a leaflet. */
const MOST_PHRASES = 10;

// An opening quote stands at a word's start and a closing one at its end, so that 5", don't and rock 'n' roll stay what they are.
const QUOTED =
  /「([^「」]+)」|‹([^‹›]+)›|〈([^〈〉]+)〉|＂([^＂]+)＂|『([^『』]+)』|《([^《》]+)》|"([^"]*)"|“([^“”"]*)[”"]|„([^„“”"]+)[“”"]|«([^«»]+)»|”([^”]+)”|(?<![\p{L}\p{N}])[‘'](?!n['’])([^‘’'](?:[^‘’']|['’](?=\p{L}))*)['’](?![\p{L}\p{N}])/gu;

/** The prompt without what it quotes, a line's end in place of each: words on both sides of it are no phrase. */
export const withoutQuotes = (prompt: string): string => prompt.replace(QUOTED, "\n");

/** What a prompt quotes, in order, and nothing about it. */
export const quotedTexts = (prompt: string): readonly string[] =>
  [...prompt.matchAll(QUOTED)].map(textOf).filter((written) => written !== "");

/**
 * Quoted phrases in order, each with the position and size described around it.
 *
 * @param languages those these are described in
 */
export function readQuotes(prompt: string, languages: readonly Language[] = ["en"]): readonly Phrase[] {
  const matches = [...prompt.matchAll(QUOTED)].filter((match) => textOf(match) !== "");
  // Gap 0 stands before the first quote, gap i after quote i.
  const gaps = [
    ...matches.map((match, index) => prompt.slice(endOf(matches[index - 1]), match.index)),
    prompt.slice(endOf(matches.at(-1))),
  ].map((gap, index, all) => shareGap(gap, index === 0 ? "next" : index === all.length - 1 ? "previous" : "both"));
  const phrases = matches.map((match, index) =>
    describe(textOf(match), gaps[index]?.forNext ?? "", gaps[index + 1]?.forPrevious ?? "", languages),
  );
  return joinSurplus(phrases);
}

const textOf = (match: RegExpExecArray): string =>
  (match.slice(1).find((group) => group !== undefined) ?? "")
    .replace(/[^\S\n]+/gu, " ")
    .replace(/ ?\n[ \n]*/gu, "\n")
    .trim();
const endOf = (match: RegExpExecArray | undefined): number => (match ? match.index + match[0].length : 0);

interface Shared {
  readonly forPrevious: string;
  readonly forNext: string;
}

const SEPARATOR = /[.;,!?\n|،؛؟、，。；！？।]|\band\b(?!\s+cent)|\bwith\b|\bthen\b|(?<=\s)(?:y|et|und|e|и|और)(?=\s)/iu;

/** The words between two quotes: up to the first comma they describe the one before, the rest the one after. */
function shareGap(gap: string, between: "previous" | "next" | "both"): Shared {
  const cut = SEPARATOR.exec(gap);
  const first = cut ? gap.slice(0, cut.index) : gap;
  const rest = cut ? gap.slice(cut.index + cut[0].length) : "";
  if (between === "previous") return { forPrevious: first, forNext: "" };
  if (between === "next") return { forPrevious: "", forNext: lastClause(gap) };
  return cut ? { forPrevious: first, forNext: lastClause(rest) } : { forPrevious: "", forNext: gap };
}

const lastClause = (text: string): string =>
  text
    .split(/[.;!?\n]/u)
    .at(-1)
    ?.split(/,/u)
    .slice(-2)
    .join(",") ?? "";

function describe(text: string, before: string, after: string, languages: readonly Language[]): Phrase {
  const looks = [before, after].flatMap((gap) => looksIn(gap, languages));
  const [placesBefore, placesAfter] = [placesIn(before, languages), placesIn(after, languages)];
  // The words nearest to the quote win: "at the top, below it “x”" is below.
  const position = placesAfter.find(isPosition) ?? placesBefore.findLast(isPosition);
  const side = placesAfter.find(isSide) ?? placesBefore.findLast(isSide);
  return {
    text,
    position,
    ...(side === undefined ? {} : { side }),
    size: looks.includes("small") ? "small" : looks.includes("large") ? "large" : "normal",
    narrow: looks.includes("narrow"),
    capitals: looks.includes("capitals"),
  };
}

const isSide = (place: PlaceName): place is Side => place === "left" || place === "right";
const isPosition = (place: PlaceName): place is Position => !isSide(place);

const placesIn = (text: string, languages: readonly Language[]): readonly PlaceName[] =>
  saidIn(text, languages, (language) => vocabularyOf(language).small.places);
const looksIn = (text: string, languages: readonly Language[]): readonly Look[] =>
  saidIn(text, languages, (language) => vocabularyOf(language).small.looks);

/** What a text says of lettering, in its order. */
function saidIn<V>(
  text: string,
  languages: readonly Language[],
  trieOf: (language: Language) => PhraseTrie<V>,
): readonly V[] {
  const tokens = tokensOf(text);
  return languages
    .flatMap((language) => longestFirst(trieOf(language), tokens, new Set()))
    .sort((a, b) => a.from - b.from)
    .map(({ value }) => value);
}

function joinSurplus(phrases: readonly Phrase[]): readonly Phrase[] {
  if (phrases.length <= MOST_PHRASES) return phrases;
  const shown = phrases.slice(0, MOST_PHRASES - 1);
  const rest = phrases.slice(MOST_PHRASES - 1);
  const first = rest[0];
  return first ? [...shown, { ...first, text: rest.map((phrase) => phrase.text).join(" · "), size: "small" }] : shown;
}
