import { type Level, levelsOfQuotes } from "./blocks.ts";
import { quotedTexts } from "./quotes.ts";

/** The level of each text that a prompt quotes, in its order. */
export function levelsIn(prompt: string): readonly Level[] {
  const levels = levelsOfQuotes(quotedTexts(prompt).map((text) => ({ text }))).map(
    ([first]) => first?.level ?? "details",
  );
  // On the paper something always leads: among details alone, the first.
  return levels.includes("title") ? levels : levels.map((level, index) => (index === 0 ? "title" : level));
}
