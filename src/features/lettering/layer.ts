import type { LetteredWords, LetteringLayer, LetteringPlace } from "../../domain/lettering.ts";
import { ok, type Result, refuse } from "../../domain/problem.ts";
import type { ImageRequest } from "../../domain/recipe.ts";
import { lines, type Text, text, verbatim } from "../../domain/text.ts";
import { inQuotes } from "../../lib/quotes.ts";
import { cutText } from "../../lib/text.ts";
import type { WordReading } from "../../ports/command.ts";

interface Reading {
  readonly words: WordReading;
  readonly rules: { readonly letter: boolean };
}

const typed = ({ prompt, promptLines }: Pick<ImageRequest, "prompt" | "promptLines">): string => promptLines ?? prompt;

const UNQUOTED_SHOWN_CHARS = 80;

/** What a prompt asks to be set over its picture; `undefined`: nothing. What is asked for by name and cannot be is refused. */
export function layerFor(
  { words, rules }: Reading,
  prompt: Pick<ImageRequest, "prompt" | "promptLines">,
  asked: "yes" | "no" | undefined,
): Result<LetteringLayer | undefined> {
  if (asked === "no" || (asked === undefined && !rules.letter)) return ok(undefined);
  const layer = words.layerIn(typed(prompt));
  if (layer) return ok(layer);
  if (asked === undefined) return ok(undefined);
  // Nobody knows which of them are words and which a description; what is set where it should be drawn costs a picture.
  return inQuotes(typed(prompt)).length === 0
    ? refuse({
        code: "bad_args",
        text: text("problem.letter.unquoted", { words: cutText(prompt.prompt, UNQUOTED_SHOWN_CHARS) }),
      })
    : refuse({ code: "cannot_honour", text: text("problem.letter.no-letters") });
}

/** The layer of a picture whose prompt became another: the words that are quoted now; `undefined`: none are any more. */
export function layerAfter(
  words: WordReading,
  before: LetteringLayer | undefined,
  prompt: Pick<ImageRequest, "prompt" | "promptLines">,
): LetteringLayer | undefined {
  const layer = before && words.layerIn(typed(prompt));
  if (!layer) return undefined;
  const { link: _before, ...rest } = before;
  return {
    ...rest,
    words: layer.words,
    place: before.place === "auto" ? layer.place : before.place,
    ...(layer.link === undefined ? {} : { link: layer.link }),
  };
}

/** With other words, at another place, or both; all else of an earlier layer stays. */
export function changedLayer(
  before: LetteringLayer | undefined,
  words: readonly LetteredWords[],
  place: LetteringPlace | undefined,
): LetteringLayer {
  return { lettering: 1, ...before, words: [...words], place: place ?? before?.place ?? "auto" };
}

/**
 * As a member would type them, one line each, with what each is called in their language where that does not go without saying:
 * read again they are the same words at the same levels.
 */
export function typedWords(words: readonly LetteredWords[], reading: WordReading): Text {
  const plain = words.map(({ text: each }) => each).join("\n");
  if (JSON.stringify(reading.of(plain)) === JSON.stringify(words)) return verbatim(plain);
  return lines(
    ...words.flatMap(({ text: each, level, list }) =>
      list ? [verbatim(each)] : each.split("\n").map((line) => text(`lettering.line.${level}`, { words: line })),
    ),
  );
}

/** A quotation mark inside would end it: the first that are not in the words themselves. */
const MARKS = [
  ["“", "”", /["“”„＂]/u],
  ["«", "»", /[«»]/u],
  ["『", "』", /[『』]/u],
  ["《", "》", /[《》]/u],
] as const;

function quotedText(words: string): string {
  const [open, close] = MARKS.find(([, , inside]) => !inside.test(words)) ?? MARKS[0];
  return `${open}${open === "“" ? words.replace(/["“”„＂]/gu, "'") : words}${close}`;
}

/** A prompt that says these words, and of what is to be seen the same: in place of what it quoted, or at its end. */
export function promptSaying(prompt: Pick<ImageRequest, "prompt" | "promptLines">, words: string): string {
  const before = typed(prompt);
  const [first, ...others] = inQuotes(before);
  if (!first) return `${before} ${quotedText(words)}`;
  let after = before;
  for (const { from, to } of others.toReversed()) after = `${after.slice(0, from)}${after.slice(to)}`;
  return `${after.slice(0, first.from)}${quotedText(words)}${after.slice(first.to)}`;
}

/** Of a picture that has no description: nothing but these words. */
export const promptOfWords = (words: string): string => quotedText(words);

/** What was typed without quotes is all words. */
export const quotedWhole = (prompt: string): string =>
  inQuotes(prompt).length > 0 ? prompt : quotedText(prompt.trim());

/** Whether two prompts ask for the same picture, whatever words are to stand on it. */
export const sameBesideWords = (
  one: Pick<ImageRequest, "prompt" | "promptLines">,
  other: Pick<ImageRequest, "prompt" | "promptLines">,
): boolean => besideWords(one.prompt) === besideWords(other.prompt);

function besideWords(prompt: string): string {
  let rest = prompt;
  for (const { from, to } of inQuotes(prompt).toReversed()) rest = `${rest.slice(0, from)}${rest.slice(to)}`;
  return rest.replace(/[\s,;]+/gu, " ").trim();
}
