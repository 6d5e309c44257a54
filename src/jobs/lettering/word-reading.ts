import type { WordReading } from "../../ports/command.ts";
import { quotedWords, wordsOf } from "../../typesetter/overlay/words.ts";

export const wordReading: WordReading = { of: wordsOf, quotedIn: quotedWords };
