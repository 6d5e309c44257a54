import type { LetteringLayer, LetteringPlace } from "../../domain/lettering.ts";
import type { Language } from "../lexicon/languages.ts";
import { letteringWords } from "../lexicon/lexicon.ts";
import { cleanPrompt } from "./clean.ts";
import { languagesOf } from "./language.ts";
import { linkToScan } from "./links.ts";
import { longestFirst, type PhraseTrie, trieOf } from "./phrase-trie.ts";
import { quotedTexts, withoutQuotes } from "./quotes.ts";
import { type Token, tokensOf } from "./tokens.ts";
import { vocabularyOf } from "./vocabulary.ts";

/** Where the words will stand, as a model understands it. It is not told of words: who reads "no text" draws some. */
const ROOM: Readonly<Record<LetteringPlace, string>> = {
  auto: "plenty of plain empty space around the subject",
  top: "plain empty area at the top",
  middle: "plain empty area in the middle",
  bottom: "plain empty area at the bottom",
};

/** Where a prompt was nothing but words. */
const NOTHING_LEFT = "plain background with simple shapes";

/**
 * What a model is told where the words are set by the typesetter: the prompt without what it quotes and without what it says
 * of that, and where room is to be left. What is quoted is not in it any more, wherever it stood; only a single word in small
 * letters stays where it is also part of the picture ("a fox" beside the title "fox"). On one line.
 */
export function promptWithRoom(prompt: string, { place, link }: Pick<LetteringLayer, "place" | "link">): string {
  const { text } = cleanPrompt(prompt);
  const body = link === undefined ? text : (linkToScan(text)?.rest ?? text);
  const quoted = quotedTexts(body);
  const rest = quoted.length === 0 ? body : withoutTelling(withoutQuotes(body));
  const plain = tidied(withoutRepeats(rest, quoted));
  return `${/[\p{L}\p{N}]/u.test(plain) ? plain : NOTHING_LEFT}, ${ROOM[place]}`;
}

/** Each thought of the prompt by itself: between quotes and full stops. The place of a quote is a line's end. */
const withoutTelling = (rest: string): string => {
  const languages = languagesOf(rest, tokensOf(rest));
  const parts = rest.split("\n");
  return parts
    .map((part, index) => {
      const before = index < parts.length - 1 ? withoutTail(part, languages) : part;
      return index > 0 ? withoutHead(before, languages) : before;
    })
    .join(" ");
};

type Sense = "lettering" | "joining" | "look";

/** What each token of a text is in words about lettering; others have no entry. */
function sensesOf(tokens: readonly Token[], languages: readonly Language[]): ReadonlyMap<number, Sense> {
  const senses = new Map<number, Sense>();
  const mark = (trie: PhraseTrie<unknown>, sense: Sense): void => {
    for (const { from, to } of longestFirst(trie, tokens, new Set()))
      for (let index = from; index < to; index++) if (!senses.has(index)) senses.set(index, sense);
  };
  for (const language of languages) {
    mark(letteringTrie(language), "lettering");
    const { small, colours } = vocabularyOf(language);
    mark(joiningTrie(language), "joining");
    for (const trie of [small.places, small.looks, small.large, colours]) mark(trie, "look");
  }
  return senses;
}

const tries = new Map<string, PhraseTrie<true>>();
function trie(kind: Sense, language: Language, words: readonly string[]): PhraseTrie<true> {
  const key = `${kind} ${language}`;
  const known =
    tries.get(key) ??
    trieOf(
      language,
      words.map((word) => [word, true] as const),
      () => 8,
    );
  tries.set(key, known);
  return known;
}
const letteringTrie = (language: Language) => trie("lettering", language, letteringWords()[language].lettering);
const joiningTrie = (language: Language) => trie("joining", language, letteringWords()[language].joining);

/** Without what leads to a quote: "… that says", "… with the words", "… mit der Aufschrift". */
function withoutTail(part: string, languages: readonly Language[]): string {
  const trimmed = part.replace(/[\s:：–—-]+$/u, "");
  const tokens = tokensOf(trimmed);
  const senses = sensesOf(tokens, languages);
  let start = tokens.length;
  let told = false;
  while (start > 0) {
    const sense = senses.get(start - 1);
    if (sense === undefined) break;
    told ||= sense === "lettering";
    start--;
  }
  // "Un puño rojo con el texto": the look belongs to what stands before it.
  const isAfterThing = start > 0 && tokens[start - 1]?.mark === false;
  let first = start;
  while (senses.get(first) === "look") first++;
  if (isAfterThing && senses.get(first) === "joining") start = first;
  // "A red fist and" says nothing of lettering: only what hangs in the air goes.
  if (!told) {
    start = tokens.length;
    while (start > 0 && senses.get(start - 1) === "joining") start--;
  }
  const cut = tokens[start]?.from;
  return cut === undefined ? trimmed : trimmed.slice(0, cut);
}

/** Without what is said of a quote after it: "… in big red letters at the top,", "… लिखा हो". */
function withoutHead(part: string, languages: readonly Language[]): string {
  const tokens = tokensOf(part);
  const senses = sensesOf(tokens, languages);
  let end = 0;
  let told = false;
  while (end < tokens.length) {
    const sense = senses.get(end);
    if (sense === undefined) break;
    told ||= sense !== "joining";
    end++;
  }
  if (end === 0) return part;
  const next = tokens[end];
  // "“X” with a fist": the joining word belongs to the fist.
  const stop = next === undefined || next.mark ? end : lastTold(senses, end);
  if (!told && !(next === undefined || next.mark)) return part;
  return part.slice(tokens[stop - 1]?.to ?? 0);
}

/** Up to the last word that speaks of lettering or of how it looks. */
function lastTold(senses: ReadonlyMap<number, Sense>, end: number): number {
  // "“X” red flags" has red flags in it: a look counts where lettering was named, or a place.
  for (let index = end; index > 0; index--) if (senses.get(index - 1) === "lettering") return index;
  return 0;
}

/** What was quoted and stands there once more without quotes. */
function withoutRepeats(text: string, quoted: readonly string[]): string {
  let left = text;
  for (const words of [...quoted].sort((a, b) => b.length - a.length)) {
    const isName = /\s|\p{Lu}{2}/u.test(words) || !/\p{Ll}/u.test(words);
    if (!isName) continue;
    const pattern = words
      .split(/\s+/u)
      .map((word) => word.replace(/[\\^$.*+?()[\]{}|/-]/gu, "\\$&"))
      .join("\\s+");
    left = left.replace(new RegExp(`(?<![\\p{L}\\p{N}])${pattern}(?![\\p{L}\\p{N}])`, "giu"), " ");
  }
  return left;
}

const tidied = (text: string): string =>
  text
    .replace(/[\s\n]+/gu, " ")
    .replace(/ ?([,;，；、]) ?(?:[,;:，；、] ?)+/gu, "$1 ")
    .replace(/\( *\)/gu, "")
    .replace(/(?<=^|\s)的/gu, "")
    .replace(/ +([,.;:!?])/gu, "$1")
    .replace(/([.!?])[,;:]+/gu, "$1")
    .replace(/^[\s,.;:!?，。；：、–—-]+|[\s,.;:，。；：、–—-]+$/gu, "")
    .replace(/^(?:and|y|et|und|e|и|та|و|और|和) /iu, "")
    .replace(/ {2,}/gu, " ")
    .trim();
