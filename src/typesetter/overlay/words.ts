import type { LetteredWords, LetteringLayer, LetteringPlace } from "../../domain/lettering.ts";
import { withinLetters } from "../lettering/letters.ts";
import { levelsOfQuotes, type TextBlock } from "../reading/blocks.ts";
import { cleanPrompt } from "../reading/clean.ts";
import { languagesOf } from "../reading/language.ts";
import { linkToScan } from "../reading/links.ts";
import { quotedTexts, readQuotes } from "../reading/quotes.ts";
import { drawablePhrase } from "../reading/texts.ts";
import { tokensOf } from "../reading/tokens.ts";

/**
 * Words as people type them for a picture: lines, lists and the four levels are understood, and each word stays as it was
 * written. Empty where no bundled font has any of it.
 */
export const wordsOf = (typed: string): readonly LetteredWords[] => levelled([cleanPrompt(typed).text]);

/** The same of what a prompt quotes. */
const quotedWords = (prompt: string): readonly LetteredWords[] => levelled(quotedTexts(cleanPrompt(prompt).text));

/**
 * The layer that a prompt asks for: what it quotes, where it says that should stand, and the link it wants to be scanned.
 *
 * @returns `undefined` where it quotes nothing that can be lettered
 */
export function layerOfPrompt(prompt: string): LetteringLayer | undefined {
  const { text } = cleanPrompt(prompt);
  const scanned = linkToScan(text);
  const body = scanned?.rest ?? text;
  const words = quotedWords(body);
  if (words.length === 0) return undefined;
  const languages = languagesOf(body, tokensOf(body));
  const asked = readQuotes(body, languages)[0]?.position;
  return {
    lettering: 1,
    words: [...words],
    place: asked ? PLACE_OF[asked] : "auto",
    ...(scanned ? { link: scanned.link.href } : {}),
  };
}

const PLACE_OF: Readonly<Record<NonNullable<ReturnType<typeof readQuotes>[number]["position"]>, LetteringPlace>> = {
  top: "top",
  centre: "middle",
  below: "auto",
  bottom: "bottom",
};

const MOST = 12;

function levelled(texts: readonly string[]): readonly LetteredWords[] {
  const blocks = levelsOfQuotes(
    texts.map((text) => ({ text })),
    true,
  ).flat();
  const drawable = blocks.flatMap((block) => drawablePhrase({ ...PLAIN, ...block }) ?? []);
  const { phrases } = withinLetters(drawable.slice(0, MOST));
  const leads = phrases.some(({ level }) => level === "title");
  return phrases.map(({ text, level, isList }, index) => ({
    text,
    // Something always leads.
    level: !leads && index === 0 && !isList ? "title" : level,
    ...(isList ? { list: true as const } : {}),
  }));
}

const PLAIN: Omit<Parameters<typeof drawablePhrase>[0], keyof TextBlock> = {
  position: undefined,
  size: "normal",
  narrow: false,
  capitals: false,
};
