import type { WordReading } from "../../ports/command.ts";
import { layerOfPrompt, wordsOf } from "../../typesetter/overlay/words.ts";

export const wordReading: WordReading = { of: wordsOf, layerIn: layerOfPrompt };
