import type { Language } from "../lexicon/languages.ts";
import type { Match } from "./phrase-trie.ts";
import { longestFirst } from "./phrase-trie.ts";
import type { Token } from "./tokens.ts";
import { type Small, vocabularyOf } from "./vocabulary.ts";

/** What stands between a negation and its noun at most. */
const REACH_TOKENS = 5;

/**
 * Of the matches those that a text asks not to see: "no flags", "without any flags or fists", "sin banderas", "झंडे के बिना".
 * A phrase that begins with a negation has consumed it: "no human is illegal" denies nothing.
 * A negation that is a thing of its own elsewhere (Hindi's "नहीं" is a stop sign) is none where it denies.
 */
export function deniedIn<V>(
  matches: readonly Match<V>[],
  tokens: readonly Token[],
  languages: readonly Language[],
): { readonly denied: ReadonlySet<Match<V>>; readonly negations: ReadonlySet<Match<V>> } {
  const denied = new Set<Match<V>>();
  const negations = new Set<Match<V>>();
  const taken = new Set(
    matches.flatMap(({ from, to }) => (to - from > 1 ? Array.from({ length: to - from }, (_, i) => from + i) : [])),
  );
  const starting = new Map(matches.map((match) => [match.from, match]));
  const ending = new Map(matches.map((match) => [match.to, match]));
  for (const language of languages) {
    const { small } = vocabularyOf(language);
    for (const { from, to, value } of longestFirst(small.denial, tokens, new Set(taken))) {
      if (value === "none") continue;
      const hit =
        value === "after"
          ? nearestBefore(ending, tokens, from, small)
          : (nearestAfter(starting, tokens, to, { small, strangers: value === "strong" ? 1 : 0 }) ??
            (language === "hi" ? nearestBefore(ending, tokens, from, small) : undefined));
      if (!hit) continue;
      denied.add(hit);
      const itself = starting.get(from);
      if (itself && itself !== hit) negations.add(itself);
      if (value !== "after") denyList(hit, starting, tokens, { small, and: value === "strong", denied });
    }
  }
  return { denied, negations };
}

function nearestAfter<V>(
  starting: ReadonlyMap<number, Match<V>>,
  tokens: readonly Token[],
  from: number,
  { small, strangers }: { readonly small: Small; readonly strangers: number },
): Match<V> | undefined {
  let left = strangers;
  for (let index = from; index < Math.min(tokens.length, from + REACH_TOKENS); index++) {
    const hit = starting.get(index);
    if (hit) return hit;
    const token = tokens[index];
    if (!token || token.mark) return undefined;
    if (!small.filler.has(token.word) && !small.article.has(token.word) && --left < 0) return undefined;
  }
  return undefined;
}

function nearestBefore<V>(
  ending: ReadonlyMap<number, Match<V>>,
  tokens: readonly Token[],
  to: number,
  small: Small,
): Match<V> | undefined {
  for (let index = to; index > Math.max(0, to - REACH_TOKENS); index--) {
    const hit = ending.get(index);
    if (hit) return hit;
    const token = tokens[index - 1];
    if (!token || token.mark || !small.afterFiller.has(token.word)) return undefined;
  }
  return undefined;
}

/** "no flags or fists", "without flags and fists" deny both; "no borders, open hands" one. */
function denyList<V>(
  first: Match<V>,
  starting: ReadonlyMap<number, Match<V>>,
  tokens: readonly Token[],
  { small, and, denied }: { readonly small: Small; readonly and: boolean; readonly denied: Set<Match<V>> },
): void {
  let last = first;
  for (;;) {
    const joined = tokens[last.to]?.word;
    if (joined === undefined || !(small.or.has(joined) || (and && small.and.has(joined)))) return;
    const next = nearestAfter(starting, tokens, last.to + 1, { small, strangers: 0 });
    if (!next) return;
    denied.add(next);
    last = next;
  }
}
