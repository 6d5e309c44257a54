import type { LetterLevel } from "../ports/chat.ts";

/** How large each text that a prompt quotes is lettered, in its order. Loaded with the first who asks: a start does without. */
export async function letterLevels(prompt: string): Promise<readonly LetterLevel[]> {
  const { levelsIn } = await import("../typesetter/reading/levels.ts");
  return levelsIn(prompt);
}
