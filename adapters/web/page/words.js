import { IntlMessageFormat } from "./vendor/intl-messageformat.js";

/** @import { MessageArgs } from "../../../src/domain/messages.d.ts" */

/** What this browser's member chose with /language; otherwise the browser's own languages decide. */
const CHOSEN = "placard.language";
const AGAIN_MS = 2000;

/**
 * The page's own sentences in one language. English stands in for what it lacks.
 *
 * @typedef {{ readonly language: string, readonly direction: "ltr" | "rtl", readonly foreign: string,
 *   readonly messages: Readonly<Record<string, string>> }} PageWords foreign: what runs the other way, as a regular expression
 * @typedef {Extract<keyof MessageArgs<unknown>, `page.${string}` | `wall.${string}`>} PageId
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

const main = (/** @type {string} */ tag) => tag.split("-")[0];
/** The same as the browser's owner has it, for times and dates: English is written one way in Leeds and another in Boston. */
export const locale = navigator.languages.find((tag) => main(tag) === main(language)) ?? language;

/** @type {Map<string, IntlMessageFormat>} */
const compiled = new Map();

/**
 * A sentence of the page in its member's language. What stands in a gap is isolated where it can run the other way.
 *
 * @template {PageId} I
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

/** Where something other than words stands in a sentence. */
const GAP = "\u0000";

/** What is before and after what no words can be: a name in bold, a command. @param {(gap: string) => string} said @returns {readonly [before: string, after: string]} */
export const aroundGap = (said) => {
  const [before = "", after = ""] = said(GAP).split(GAP);
  return [before, after];
};

const LIST = new Intl.ListFormat(language, { type: "conjunction" });

/** "Ana, Bo and Cy". @param {readonly string[]} words */
export const listOf = (words) => LIST.format(words.map(isolated));

const foreign = new RegExp(words.foreign, "u");

/** @param {string} text */
const isolated = (text) => (foreign.test(text) ? `\u2068${text}\u2069` : text);

/** "#7" has no direction of its own: among words from right to left its sign would stand behind it. @param {string} label */
export const asItIs = (label) => (words.direction === "rtl" ? `\u2068${label}\u2069` : label);

/**
 * The server says which language this member reads. Another than the page's: it is kept, and the page speaks it. Asked for once:
 * a page that got another all the same stays as it is.
 *
 * @param {string} wanted
 */
export function speak(wanted) {
  if (wanted === language || wanted === localStorage.getItem(CHOSEN)) return;
  localStorage.setItem(CHOSEN, wanted);
  location.reload();
}

/** What could not be done, in words. @param {unknown} error */
export const problemText = (error) => (error instanceof Error ? error.message : say("page.door.again"));

/**
 * The direction of what we say: that of its first letter outside of isolates. `dir=auto` would take a command at its
 * beginning for the whole sentence.
 *
 * @param {string} text @returns {"ltr" | "rtl" | "auto"}
 */
export function directionOf(text) {
  const letter = /\p{L}/u.exec(text.replaceAll(/[\u2066-\u2068][^\u2069]*\u2069/gu, ""))?.[0];
  if (letter === undefined) return "auto";
  return /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]/u.test(letter) ? "rtl" : "ltr";
}
