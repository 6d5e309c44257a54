import type { Phrase } from "../reading/quotes.ts";
import type { FontName } from "./families.ts";

/** In one quoted text, and on the whole poster. Who wants more wants a leaflet: it could not be read on a wall. */
export const PHRASE_MAX_LETTERS = 500;
const POSTER_MAX_LETTERS = 1000;
/** From here on letters are so small that a rough edge is lost, and each of these has hundreds of points. */
const ROUGH_MAX_LETTERS = 250;
const ROUGH: ReadonlySet<FontName> = new Set(["typewriter", "marker"]);

/** As many as are read: ﷺ is one character and eighteen letters. */
export const letterCount = (text: string): number => [...text.normalize("NFKC")].length;

/** The phrases as far as they are lettered; `cut`: something was left out. */
export function withinLetters<P extends Pick<Phrase, "text">>(
  phrases: readonly P[],
): {
  readonly phrases: readonly P[];
  readonly cut: boolean;
} {
  let left = POSTER_MAX_LETTERS;
  let cut = false;
  const kept: P[] = [];
  for (const phrase of phrases) {
    const text = firstLetters(phrase.text, Math.min(PHRASE_MAX_LETTERS, left));
    left -= letterCount(text);
    cut ||= text !== phrase.text;
    if (text !== "") kept.push({ ...phrase, text });
  }
  return { phrases: kept, cut };
}

function firstLetters(text: string, most: number): string {
  if (letterCount(text) <= most) return text;
  let left = most;
  let end = 0;
  for (const character of text) {
    left -= letterCount(character);
    if (left < 0) break;
    end += character.length;
  }
  return text.slice(0, end).trim();
}

/** Rough faces are for few letters. */
export const fontForLetters = (font: FontName, phrases: readonly Pick<Phrase, "text">[]): FontName =>
  ROUGH.has(font) && phrases.reduce((sum, { text }) => sum + letterCount(text), 0) > ROUGH_MAX_LETTERS ? "text" : font;
