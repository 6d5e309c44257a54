import { createHash } from "node:crypto";
import { catalogueOf, LANGUAGES, matchLanguage, SOURCE_LANGUAGE } from "../../src/messages/catalogue.ts";
import { isolatedCommands } from "../../src/messages/direction.ts";
import type { PageFile } from "./files.ts";

/** The ids of what only the browser says. */
const OF_THE_PAGE = /^(?:page|wall|time)\./;

const made = new Map<string, PageFile>();

/** The page's own sentences in a language, as `page/words.js` reads them. */
export function pageWords(language: string): PageFile {
  const known = made.get(language);
  if (known) return known;
  const { direction, messages } = catalogueOf(language);
  const sentences = [...catalogueOf(SOURCE_LANGUAGE).messages]
    .filter(([id]) => OF_THE_PAGE.test(id))
    .map(([id, english]) => [id, spoken(messages.get(id) ?? english, direction)]);
  const json = JSON.stringify({ language, direction, messages: Object.fromEntries(sentences) });
  const bytes = new Uint8Array(Buffer.from(json));
  const etag = `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`;
  const file = { bytes, type: "application/json; charset=utf-8", etag };
  made.set(language, file);
  return file;
}

const spoken = (source: string, direction: "ltr" | "rtl") => (direction === "rtl" ? isolatedCommands(source) : source);

/** @param asked what the page asks for by name @param accepted the browser's languages, best first */
export const pageLanguage = (asked: string | undefined, accepted: readonly string[]): string =>
  asked !== undefined && LANGUAGES.includes(asked) ? asked : (matchLanguage(accepted) ?? SOURCE_LANGUAGE);
