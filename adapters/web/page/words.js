import { IntlMessageFormat } from "./vendor/intl-messageformat.js";

/** @import { MessageArgs } from "../../../src/domain/messages.d.ts" */

/** What this browser's member chose with /language; otherwise the browser's own languages decide. */
const CHOSEN = "placard.language";
const AGAIN_MS = 2000;

/**
 * The page's own sentences in one language. English stands in for what it lacks.
 *
 * @typedef {{ readonly language: string, readonly direction: "ltr" | "rtl", readonly messages: Readonly<Record<string, string>> }} PageWords
 */

/** @returns {Promise<PageWords>} */
async function load() {
  const chosen = localStorage.getItem(CHOSEN);
  const query = chosen ? `?${new URLSearchParams({ language: chosen })}` : "";
  for (;;) {
    // Without its words the page has nothing to say, so it asks until they come.
    const response = await fetch(`/page/words${query}`).catch(() => undefined);
    if (response?.ok) return response.json();
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

const words = await load();
document.documentElement.lang = words.language;
document.documentElement.dir = words.direction;

/** The language of this page, a BCP 47 tag. */
export const language = words.language;

/** @type {Map<string, IntlMessageFormat>} */
const compiled = new Map();

/**
 * A sentence of the page in its member's language. What stands in a gap is isolated where it can run the other way.
 *
 * @template {keyof MessageArgs<unknown>} I
 * @param {I} id
 * @param {keyof MessageArgs<unknown>[I] extends never ? [] : [args: MessageArgs<string | number>[I]]} args
 * @returns {string}
 */
export function say(id, ...args) {
  const source = words.messages[id];
  if (source === undefined) return id;
  const format = compiled.get(id) ?? new IntlMessageFormat(source, words.language, undefined, { ignoreTag: true });
  compiled.set(id, format);
  const gaps = Object.fromEntries(
    Object.entries(args[0] ?? {}).map(([name, value]) => [name, typeof value === "string" ? isolated(value) : value]),
  );
  return String(format.format(gaps));
}

const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]/u;
const LEFT_TO_RIGHT = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Han}\p{Script=Devanagari}]/u;

/** As src/messages/direction.ts does it. @param {string} text */
const isolated = (text) =>
  (words.direction === "rtl" ? LEFT_TO_RIGHT : RIGHT_TO_LEFT).test(text) ? `\u2068${text}\u2069` : text;

/** The server says which language this member reads. Another than the page's: it is kept and the page speaks it. @param {string} wanted */
export function speak(wanted) {
  if (wanted === language) return;
  localStorage.setItem(CHOSEN, wanted);
  location.reload();
}
