import { type Level, levelsOfQuotes } from "./blocks.ts";
import { quotedTexts } from "./quotes.ts";

/** The level of each text that a prompt quotes, in its order. */
export const levelsIn = (prompt: string): readonly Level[] =>
  levelsOfQuotes(quotedTexts(prompt).map((text) => ({ text }))).map(([first]) => first?.level ?? "details");
