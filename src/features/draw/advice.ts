import { withoutEngineTags } from "../../domain/prompt.ts";
import { presetOf } from "../../domain/size.ts";
import { cutText, trimEndOf } from "../../lib/text.ts";
import { TOKEN_LIMIT, type TokenCounter, wordsPast } from "./token-counter.ts";

export interface AdviceInput {
  /** As typed. */
  readonly prompt: string;
  /** As sent, with the trigger. */
  readonly finalPrompt: string;
  readonly guidance: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

const CFG_GOOD_MAX = 5;
const SIDE_GOOD_MAX_PX = 1024;
/** Orders take 400 characters a sentence. */
const SENTENCE_MAX_CHARS = 400;

/** Sentences that help; they never block. Most important first. */
export function advise(input: AdviceInput, countTokens: TokenCounter): string[] {
  const sentences = [
    tokenAdvice(input.finalPrompt, countTokens),
    letteringAdvice(input.prompt),
    tagAdvice(input.prompt),
    input.guidance > CFG_GOOD_MAX
      ? `cfg:${input.guidance} is high: above ${CFG_GOOD_MAX} pictures get harsh and lose detail. 2 to 4 is the good zone.`
      : undefined,
    // Presets have a long side too, but about one megapixel, which the models know.
    Math.max(input.widthPx, input.heightPx) > SIDE_GOOD_MAX_PX && presetOf(input) === undefined
      ? `${input.widthPx}×${input.heightPx} is more than ${SIDE_GOOD_MAX_PX} on a side: it is slower, and things may repeat. A preset such as size:poster is safer.`
      : undefined,
  ];
  return sentences.flatMap((sentence) => (sentence === undefined ? [] : [cutText(sentence, SENTENCE_MAX_CHARS)]));
}

function tokenAdvice(finalPrompt: string, countTokens: TokenCounter): string | undefined {
  const { tokens, exact } = countTokens(finalPrompt);
  if (tokens <= TOKEN_LIMIT) return undefined;
  const past = cutText(wordsPast(finalPrompt, countTokens), 160);
  const count = exact ? `${tokens} tokens` : `about ${tokens} tokens (an estimate)`;
  return `Long prompt: ${count}, the first text encoder reads ${TOKEN_LIMIT}. It misses “${past}”; the second encoder still reads them. Put what matters first.`;
}

// Typed by members: "that says Ready", "with the words Strike now", "titled Assembly".
const LETTERING =
  /\b(?:that (?:says|reads)|which (?:says|reads)|saying|reading|(?:with|and) the (?:words?|text|title|slogan|caption|headline|letters)|(?:titled|captioned|lettered))\s*:?\s+(?=[^\s"“„«'‘])((?:\S+\s?){1,4})/iu;

function letteringAdvice(prompt: string): string | undefined {
  if (/["“„«]/u.test(prompt)) return undefined;
  const words = LETTERING.exec(prompt)?.[1]?.trim();
  if (words === undefined) return undefined;
  const example = cutText(trimEndOf(words, ".,;:"), 40);
  return `Put words that should be lettered into double quotes, for example "${example}".`;
}

function tagAdvice(prompt: string): string | undefined {
  if (withoutEngineTags(prompt) === prompt) return undefined;
  return "Tags such as <lora:…> were taken out of the prompt: choose a style and its scale instead.";
}

/**
 * A prompt that is only words: without engine tags, control characters and lone surrogates, white space collapsed, NFC.
 * May be empty. Cleaning it again changes nothing.
 */
export function cleanPrompt(text: string): string {
  let before: string;
  let now = text;
  do {
    before = now;
    now = withoutEngineTags(plain(before)).replace(/\s+/gu, " ").trim();
  } while (now !== before);
  return now;
}

// Bidi overrides and isolates go too: they can make a prompt read differently from what is sent. Joiners stay: emoji and
// Persian need them.
const plain = (text: string) =>
  text
    .toWellFormed()
    .replace(/\r\n?|[\n\t\v\f\u0085\u2028\u2029]/gu, " ")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the point
    .replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/gu, "")
    .normalize("NFC");
