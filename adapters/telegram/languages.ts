import type { LanguageCode } from "grammy/types";
import { LANGUAGES, SOURCE_LANGUAGE } from "../../src/messages/catalogue.ts";

interface Listed {
  readonly language: string;
  /** As Telegram takes it: two letters. Absent: for whoever speaks none of the others. */
  readonly code?: LanguageCode;
}

/** In what Telegram keeps by language, each of ours. */
export const TELEGRAM_LANGUAGES: readonly Listed[] = LANGUAGES.flatMap((language): readonly Listed[] => {
  if (language === SOURCE_LANGUAGE) return [{ language }];
  const code = new Intl.Locale(language).language;
  // grammY lists all codes of ISO 639-1; three letters stand for languages that have none there.
  return code === SOURCE_LANGUAGE || code.length !== 2 ? [] : [{ language, code: code as LanguageCode }];
});

/** As the Bot API names it. */
export const codeOf = ({ code }: Listed): { readonly language_code?: LanguageCode } =>
  code === undefined ? {} : { language_code: code };
