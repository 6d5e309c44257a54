import { createHash } from "node:crypto";
import type { Context } from "hono";
import { type Catalogue, catalogueOf, LANGUAGES, SOURCE_LANGUAGE } from "../../src/messages/catalogue.ts";
import { foreignTo, isolatedCommands } from "../../src/messages/direction.ts";
import { browserLanguage } from "./accepted-languages.ts";
import type { PageFile } from "./files.ts";

/** The ids of what only the browser says. */
const OF_THE_PAGE = /^(?:page|wall)\./;

const made = new WeakMap<Catalogue, PageFile>();

/** The page's own sentences in a language, as `page/words.js` reads them. */
export function pageWords(language: string): PageFile {
  const catalogue = catalogueOf(language);
  const known = made.get(catalogue);
  if (known) return known;
  const { direction, messages } = catalogue;
  const sentences = [...catalogueOf(SOURCE_LANGUAGE).messages]
    .filter(([id]) => OF_THE_PAGE.test(id))
    .map(([id, english]) => [id, spoken(messages.get(id) ?? english, direction)]);
  const foreign = foreignTo(direction).source;
  const json = JSON.stringify({ language, direction, foreign, messages: Object.fromEntries(sentences) });
  const bytes = new Uint8Array(Buffer.from(json));
  const etag = `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`;
  const file = { bytes, type: "application/json; charset=utf-8", etag };
  made.set(catalogue, file);
  return file;
}

const spoken = (source: string, direction: "ltr" | "rtl") => (direction === "rtl" ? isolatedCommands(source) : source);

/** What the page asks for by name, else what the browser asks for. */
export const pageLanguage = (c: Context): string => {
  const asked = c.req.query("language");
  return asked !== undefined && LANGUAGES.includes(asked) ? asked : browserLanguage(c);
};
