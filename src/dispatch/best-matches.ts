import { editDistance } from "../lib/edit-distance.ts";
import type { OptionChoice } from "../ports/option.ts";

/** Longer words are no typos of anything offered, and comparing them takes long. */
const TYPO_WORD_MAX_CHARS = 40;

/** Two letters off in a word of three is another word. */
export const typosIn = (word: string): number => (word.length <= 3 ? 1 : 2);

/**
 * The choices that fit what is typed so far, best first: the value itself, what begins so, a word that begins so, what
 * holds it, what it may be a typo of. Among equals the given order stays. Nothing typed: all.
 */
export function bestMatches(choices: readonly OptionChoice[], typed: string, limit: number): readonly OptionChoice[] {
  const wanted = typed.trim().toLowerCase();
  if (wanted === "") return choices.slice(0, limit);
  const ranked = choices
    .map((choice) => ({ choice, rank: rankOf(choice, wanted) }))
    .toSorted((a, b) => a.rank - b.rank);
  // Typos are guessed only where nothing is what was typed.
  const worst = (ranked[0]?.rank ?? NO_MATCH) < TYPO ? TYPO : NO_MATCH;
  return ranked
    .filter(({ rank }) => rank < worst)
    .slice(0, limit)
    .map(({ choice }) => choice);
}

const TYPO = 4;
const NO_MATCH = TYPO + 2;

function rankOf({ value, label }: OptionChoice, wanted: string): number {
  const texts = [value.toLowerCase(), label.toLowerCase()];
  const any = (test: (text: string) => boolean) => texts.some(test);
  if (any((text) => text === wanted)) return 0;
  if (any((text) => text.startsWith(wanted))) return 1;
  if (any((text) => text.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(wanted)))) return 2;
  if (any((text) => text.includes(wanted))) return 3;
  if (wanted.length < 3 || wanted.length > TYPO_WORD_MAX_CHARS) return NO_MATCH;
  const edits = Math.min(
    ...texts.flatMap((text) => beginnings(text, wanted)).map((text) => editDistance(wanted, text)),
  );
  return edits <= typosIn(wanted) ? TYPO - 1 + edits : NO_MATCH;
}

/** While somebody still types, as much of a value as they have typed is compared as well, with a letter they left out. */
const beginnings = (text: string, wanted: string): readonly string[] => [
  ...(text.length <= TYPO_WORD_MAX_CHARS ? [text] : []),
  text.slice(0, wanted.length),
  text.slice(0, wanted.length + 1),
];
