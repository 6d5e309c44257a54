import type { ImageRequest } from "../../domain/recipe.ts";
import { missingCharacters } from "../lettering/coverage.ts";
import type { HanForm } from "../lettering/han.ts";
import type { Level } from "./blocks.ts";
import { cleanPrompt } from "./clean.ts";
import { linkToScan } from "./links.ts";
import { type Phrase, quotedTexts } from "./quotes.ts";

/** A phrase as it is lettered. Its line breaks stay. */
export interface LetteredPhrase extends Phrase {
  readonly level: Level;
  /** One item a line. */
  readonly isList: boolean;
  /** Of the whole poster. */
  readonly han: HanForm;
}

export type AskedPhrase = Omit<LetteredPhrase, "han">;

/** "✊ 8M ✊": what stands between two emoji of a kind is meant as it is written. */
const FLANKED = /(?<!["“„«「])(\p{Emoji_Presentation}) ?([^\n"“”„«»「」,.;]{1,24}?) ?\1(?!["”“»」])/u;
export const withFlanked = (prompt: string): string =>
  prompt.replace(FLANKED, (whole, _emoji: string, inside: string) =>
    /[\p{L}\p{N}]/u.test(inside) ? `"${whole}"` : whole,
  );

/** Without the characters that no font has; `undefined` when nothing is left. */
export function drawablePhrase<P extends Phrase>(phrase: P): P | undefined {
  const drawable = withoutMissing(phrase.text);
  return isDrawable(drawable) ? { ...phrase, text: phrase.capitals ? drawable.toUpperCase() : drawable } : undefined;
}

function withoutMissing(text: string): string {
  const missing = new Set(missingCharacters(text));
  return [...text]
    .filter((character) => !missing.has(character))
    .join("")
    .replace(/[^\S\n]+/gu, " ")
    .trim();
}

const isDrawable = (text: string): boolean => /[\p{L}\p{N}\p{P}\p{S}]/u.test(withoutMissing(text));

const MOST_NOTED_CHARACTERS = 24;
export const shownOf = (missing: readonly string[]): string =>
  `${missing.slice(0, MOST_NOTED_CHARACTERS).join(" ")}${missing.length > MOST_NOTED_CHARACTERS ? " …" : ""}`;

export function withoutTrigger(text: string, trigger: string): string {
  const at = trigger === "" ? -1 : text.toLowerCase().indexOf(trigger.toLowerCase());
  return at < 0 ? text : `${text.slice(0, at)} ${text.slice(at + trigger.length)}`.trim().replace(/^[,;:.\s]+/u, "");
}

/** A prompt as sent, with the line breaks that its member typed. */
export const asTyped = ({ finalPrompt, prompt, promptLines }: ImageRequest): string =>
  promptLines === undefined ? finalPrompt : finalPrompt.replace(prompt, () => promptLines);

/** What the letters of a prompt will lack, before anything is drawn. Cheap: reads what characters the fonts have. */
export function lettersLacking(
  prompt: string,
  trigger = "",
): { /** Empty: none. */ readonly characters: string; readonly isNothingLeft: boolean } {
  const body = withoutTrigger(cleanPrompt(prompt).text, trigger);
  const quoted = quotedTexts(linkToScan(body)?.rest ?? body);
  const missing = missingCharacters(quoted.length > 0 ? quoted.join("") : body);
  return {
    characters: shownOf(missing),
    // Other words instead of those in quotes would be another poster.
    isNothingLeft: missing.length > 0 && (quoted.length > 0 ? quoted : [body]).every((asked) => !isDrawable(asked)),
  };
}
