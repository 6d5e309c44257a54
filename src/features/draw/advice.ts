import { withoutMarkup } from "../../domain/markup.ts";
import { withoutEngineTags } from "../../domain/prompt.ts";
import { presetOf } from "../../domain/size.ts";
import { type Text, text } from "../../domain/text.ts";
import { cutText, trimEndOf } from "../../lib/text.ts";
import { withoutUnseen } from "../../lib/unseen.ts";
import { TOKEN_LIMIT, type TokenCounter, wordsPast } from "./token-counter.ts";

export interface AdviceInput {
  /** As typed. */
  readonly prompt: string;
  /** As sent, with the trigger. */
  readonly finalPrompt: string;
  readonly guidance: number;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Nobody chose it: it is that of a picture, which repeats nothing. */
  readonly isPicturesSize?: boolean;
}

const CFG_GOOD_MAX = 5;
const SIDE_GOOD_MAX_PX = 1024;
const PAST_MAX_CHARS = 160;

/** Sentences that help; they never block. Most important first. */
export function advise(input: AdviceInput, countTokens: TokenCounter): readonly Text[] {
  const { guidance: cfg, widthPx: width, heightPx: height } = input;
  const sentences = [
    lengthAdvice(input.finalPrompt, countTokens),
    letteringAdvice(input.prompt),
    tagAdvice(input.prompt),
    cfg > CFG_GOOD_MAX ? text("advice.cfg", { cfg, max: CFG_GOOD_MAX }) : undefined,
    // Presets have a long side too, but about one megapixel, which the models know.
    !input.isPicturesSize && Math.max(width, height) > SIDE_GOOD_MAX_PX && presetOf(input) === undefined
      ? text("advice.size", { width, height, max: SIDE_GOOD_MAX_PX })
      : undefined,
  ];
  return sentences.filter((sentence) => sentence !== undefined);
}

function lengthAdvice(finalPrompt: string, countTokens: TokenCounter): Text | undefined {
  const { tokens: parts, exact } = countTokens(finalPrompt);
  if (parts <= TOKEN_LIMIT) return undefined;
  const past = cutText(wordsPast(finalPrompt, countTokens), PAST_MAX_CHARS);
  return text(exact ? "advice.long" : "advice.long.estimated", { parts, limit: TOKEN_LIMIT, past });
}

// Typed by members: "that says Ready", "with the words Strike now", "titled Assembly".
const LETTERING =
  /\b(?:that (?:says|reads)|which (?:says|reads)|saying|reading|(?:with|and) the (?:words?|text|title|slogan|caption|headline|letters)|(?:titled|captioned|lettered))\s*:?\s+(?=[^\s"“„«'‘])((?:\S+\s?){1,4})/iu;

function letteringAdvice(prompt: string): Text | undefined {
  if (/["“„«]/u.test(prompt)) return undefined;
  const words = LETTERING.exec(prompt)?.[1]?.trim();
  if (words === undefined) return undefined;
  const example = cutText(trimEndOf(words, ".,;:"), 40);
  return text("advice.lettering", { example });
}

function tagAdvice(prompt: string): Text | undefined {
  return withoutEngineTags(prompt) === prompt ? undefined : text("advice.tags");
}

/**
 * A prompt that is only words: without engine tags, markup and ids of chats, control characters and lone surrogates, white space collapsed, NFC.
 * May be empty. Cleaning it again changes nothing.
 */
export function cleanPrompt(typed: string): string {
  let before: string;
  let now = typed;
  do {
    before = now;
    now = withoutEngineTags(plain(withoutMarkup(before)))
      .replace(/\s+/gu, " ")
      .trim();
  } while (now !== before);
  return now;
}

/** Where a field takes one line only, or a shell would have to be told how, people write "\n"; "C:\new" is a folder. */
const LINE_BREAK = /\r\n?|[\n\v\f\u0085\u2028\u2029]|(?<![:\\])(?:\\r)?\\n/u;
const LINE_BREAKS = new RegExp(LINE_BREAK, "gu");

/** The same words line by line; `undefined` where they are one line, or other words on lines of their own. */
export function cleanLines(typed: string): string | undefined {
  const told = typed
    .split(LINE_BREAK)
    .map(cleanPrompt)
    .filter((line) => line !== "");
  return told.length > 1 && told.join(" ") === cleanPrompt(typed) ? told.join("\n") : undefined;
}

// Marks of direction go too: recipes and styles bring prompts that nobody typed here. Joiners stay: emoji and Persian need them.
const plain = (written: string) =>
  withoutUnseen(written.toWellFormed())
    .replace(LINE_BREAKS, " ")
    .replace(/\t/gu, " ")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the point
    .replace(/[\u0000-\u001f\u007f-\u009f\ufffe\uffff]/gu, "")
    .normalize("NFC");
