import type { LocaleString, LocalizationMap } from "discord.js";
import type { Text } from "../../src/domain/text.ts";
import { cutText } from "../../src/lib/text.ts";
import { matchLanguage, SOURCE_LANGUAGE } from "../../src/messages/catalogue.ts";
import { render } from "../../src/messages/render.ts";

/** All that Discord's clients speak, but English, which is sent as the text itself. */
const LOCALES: readonly LocaleString[] = [
  ...(["bg", "cs", "da", "de", "el", "es-419", "es-ES", "fi", "fr", "hi", "hr", "hu", "id", "it", "ja", "ko"] as const),
  ...(["lt", "nl", "no", "pl", "pt-BR", "ro", "ru", "sv-SE", "th", "tr", "uk", "vi", "zh-CN", "zh-TW"] as const),
];
/** Those of them that there is a catalogue for, with the language that is shown. */
const SPOKEN: readonly (readonly [locale: LocaleString, language: string])[] = LOCALES.flatMap((locale) => {
  const language = matchLanguage([locale]);
  return language === undefined || language === SOURCE_LANGUAGE ? [] : [[locale, language] as const];
});

/** One text for everybody: in English, and where it reads differently in other languages. */
interface Localised {
  readonly words: string;
  /** Absent: the same in every language. */
  readonly others?: LocalizationMap;
}

/** @param say the text in one language; it is cut to `maxChars` */
export function localised(say: (language: string) => string, maxChars: number): Localised {
  const inLanguage = (language: string) => cutText(say(language), maxChars);
  const words = inLanguage(SOURCE_LANGUAGE);
  const others = SPOKEN.map(([locale, language]) => [locale, inLanguage(language)] as const).filter(
    ([, other]) => other !== words,
  );
  return { words, ...(others.length === 0 ? {} : { others: Object.fromEntries(others) }) };
}

export const localisedText = (text: Text, maxChars: number): Localised =>
  localised((language) => render(text, language), maxChars);
