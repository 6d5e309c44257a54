import type { Language } from "../lexicon/languages.ts";
import { folded, type Token, tokensOf } from "./tokens.ts";

/** Phrases of one language, each leading to a value: found in one walk over the text, however many there are. */
export interface PhraseTrie<V> {
  readonly language: Language;
  readonly root: Node<V>;
  readonly endingMax: (stem: string) => number;
}

/** Most have one way on: what is not there takes no memory. */
interface Node<V> {
  next?: Map<string, Node<V>>;
  /** By the stem a word begins with. */
  stems?: Map<string, Node<V>>;
  ends?: End<V>[];
}

interface End<V> {
  readonly value: V;
  readonly words: number;
  readonly letters: number;
  readonly stem: boolean;
}

/** A phrase of the trie in a text: its tokens from `from` up to, not with, `to`. */
export interface Match<V> extends End<V> {
  readonly from: number;
  readonly to: number;
  readonly language: Language;
}

/**
 * @param phrases `*` at a word's end: any ending
 * @param endingMax how many letters that may have; default: what is usual in the language
 */
export function trieOf<V>(
  language: Language,
  phrases: Iterable<readonly [phrase: string, value: V]>,
  endingMax = (stem: string) => usualEndingMax(language, stem),
): PhraseTrie<V> {
  const root: Node<V> = {};
  for (const [phrase, value] of phrases) for (const form of writtenForms(phrase)) add(root, language, form, value);
  return { language, root, endingMax };
}

/** Apostrophes, commas and the hamza below may be missing: "womens day", "no justice no peace", "اضراب". */
function writtenForms(phrase: string): readonly string[] {
  const forms = [phrase];
  for (const left of [/['’]/gu, /إ/gu, /[,;:!?]/gu]) {
    if (left.test(phrase))
      forms.push(
        ...forms.map((form) => form.replace(left, left.source === "إ" ? "ا" : left.source.startsWith("[,") ? " " : "")),
      );
  }
  return forms;
}

function add<V>(root: Node<V>, language: Language, phrase: string, value: V): void {
  const parts = tokensOf(phrase);
  let at = root;
  let stem = false;
  parts.forEach(({ word, to }, index) => {
    const open = phrase[to] === "*" && /^(?:\s|$)/u.test(phrase.slice(to + 1));
    stem ||= open;
    const key = language === "ar" && index === 0 ? withoutArticle(word) : word;
    const branches: Map<string, Node<V>> = (open ? at.stems : at.next) ?? new Map();
    if (open) at.stems = branches;
    else at.next = branches;
    const there = branches.get(key) ?? {};
    branches.set(key, there);
    at = there;
  });
  const words = language === "zh" ? 1 : parts.length;
  if (at === root) return;
  at.ends ??= [];
  if (!at.ends.some((end) => end.value === value)) at.ends.push({ value, words, letters: folded(phrase).length, stem });
}

const withoutArticle = (word: string): string => (word.length > 4 && word.startsWith("ال") ? word.slice(2) : word);

const LONGEST_ENDING = 24;
/** How many letters may follow a stem: German compounds are long, a short Russian stem begins many words. */
function usualEndingMax(language: Language, stem: string): number {
  if (language === "de") return LONGEST_ENDING;
  if (language === "ru") return stem.length <= 4 ? 4 : 7;
  return 12;
}

/** A word as it is and without what a language writes onto it. */
function formsOf(language: Language, word: string): readonly string[] {
  if (language !== "ar") return [word];
  const forms = new Set([word, withoutArticle(word)]);
  if (word.startsWith("لل") && word.length > 4) forms.add(word.slice(2));
  if (/^[وفبلك]/u.test(word) && word.length > 3) {
    forms.add(word.slice(1));
    forms.add(withoutArticle(word.slice(1)));
  }
  return [...forms];
}

/** All phrases that begin at token `from`. */
function matchesAt<V>(trie: PhraseTrie<V>, tokens: readonly Token[], from: number): readonly Match<V>[] {
  const { language } = trie;
  const found: Match<V>[] = [];
  const follow = (at: Node<V>, index: number): void => {
    for (const end of at.ends ?? []) found.push({ ...end, from, to: index, language });
    const token = tokens[index];
    if (token === undefined) return;
    // English takes a trailing 's.
    if (language === "en" && token.glued && token.word === "s" && index > from && !at.next?.has("s")) {
      follow({ ...at, ends: [] }, index + 1);
      return;
    }
    const forms = index === from ? formsOf(language, token.word) : [token.word];
    for (const form of forms) {
      const exact = at.next?.get(form);
      if (exact) follow(exact, index + 1);
      if (!at.stems || token.mark) continue;
      for (let length = form.length; length > Math.max(0, form.length - LONGEST_ENDING - 1); length--) {
        const stem = form.slice(0, length);
        const there = form.length - length > trie.endingMax(stem) ? undefined : at.stems.get(stem);
        if (there) follow(there, index + 1);
      }
    }
  };
  follow(trie.root, from);
  return found.filter(({ to }) => to > from);
}

/**
 * The longest phrases first, then the exact before the stemmed; each consumes its tokens.
 *
 * @param taken tokens that are spoken for; those of the matches are added
 */
export function longestFirst<V>(
  trie: PhraseTrie<V>,
  tokens: readonly Token[],
  taken: Set<number>,
  allowed: (match: Match<V>) => boolean = () => true,
): readonly Match<V>[] {
  const all = tokens.flatMap((token, from) => (token.mark || taken.has(from) ? [] : matchesAt(trie, tokens, from)));
  all.sort(
    (a, b) =>
      b.words - a.words || Number(a.stem) - Number(b.stem) || b.letters - a.letters || a.from - b.from || b.to - a.to,
  );
  const kept: Match<V>[] = [];
  for (const match of all) {
    let free = true;
    for (let index = match.from; index < match.to; index++) free &&= !taken.has(index);
    if (!free || !allowed(match)) continue;
    for (let index = match.from; index < match.to; index++) taken.add(index);
    kept.push(match);
  }
  return kept.sort((a, b) => a.from - b.from);
}
