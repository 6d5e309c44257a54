import { badRequest } from "./refusal.ts";

const DESCRIPTION_MAX_CHARS = 512;
const SHORT_MAX_CHARS = 120;
const LANGUAGE = /^(?:[a-z]{2})?$/;

export type Profile = ReturnType<typeof createProfile>;

/** What the bot's chat and its profile page say, by language; "" for whose language has none of its own. */
export function createProfile() {
  const kept = (maxChars: number, refusal: string) => {
    const byLanguage = new Map<string, string>();
    return {
      set(language: string, text: string): void {
        if (!LANGUAGE.test(language)) throw badRequest("invalid language_code specified");
        if (text.length > maxChars) throw badRequest(refusal);
        if (text === "") byLanguage.delete(language);
        else byLanguage.set(language, text);
      },
      get: (language: string): string => byLanguage.get(language) ?? byLanguage.get("") ?? "",
    };
  };
  const description = kept(DESCRIPTION_MAX_CHARS, "BOT_DESCRIPTION_TOO_LONG");
  const short = kept(SHORT_MAX_CHARS, "BOT_ABOUT_TOO_LONG");
  return {
    setDescription: description.set,
    description: description.get,
    setShort: short.set,
    short: short.get,
  };
}
