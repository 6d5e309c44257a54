import type { Colour } from "../../lib/colour.ts";
import type { WordReading } from "../../ports/command.ts";
import { LANGUAGES } from "../../typesetter/lexicon/languages.ts";
import { layerOfPrompt, wordsOf } from "../../typesetter/overlay/words.ts";
import { tokensOf } from "../../typesetter/reading/tokens.ts";
import { tonesIn } from "../../typesetter/reading/tones.ts";

const colourIn = (words: string): Colour | undefined => tonesIn(tokensOf(words), LANGUAGES)[0]?.colour;

export const wordReading: WordReading = { of: wordsOf, layerIn: layerOfPrompt, colourIn };
