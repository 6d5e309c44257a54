import type { Context } from "hono";
import { parseAccept } from "hono/utils/accept";
import { matchLanguage, SOURCE_LANGUAGE } from "../../src/messages/catalogue.ts";

const LANGUAGES_MAX = 10;

/** What the browser asks for, best first, as BCP 47 tags: from its settings, as `navigator.languages` has them. */
export const acceptedLanguages = (c: Context): readonly string[] =>
  parseAccept((c.req.header("accept-language") ?? "").slice(0, 200))
    .filter(({ type, q }) => q > 0 && /^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/iu.test(type))
    .toSorted((a, b) => b.q - a.q)
    .slice(0, LANGUAGES_MAX)
    .map(({ type }) => type);

/** The best of these that there is a catalogue for; English where there is none. */
export const browserLanguage = (c: Context): string => matchLanguage(acceptedLanguages(c)) ?? SOURCE_LANGUAGE;
