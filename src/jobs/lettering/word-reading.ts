import type { Colour } from "../../lib/colour.ts";
import type { WordReading } from "../../ports/command.ts";
import { layerOfPrompt, wordsOf } from "../../typesetter/overlay/words.ts";
import { understand } from "../../typesetter/reading/understanding.ts";

const colourIn = (words: string): Colour | undefined => {
  const { colours, background } = understand(words);
  return colours[0] ?? background;
};

export const wordReading: WordReading = { of: wordsOf, layerIn: layerOfPrompt, colourIn };
