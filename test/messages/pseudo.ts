import { type MessageFormatElement, parse, TYPE } from "@formatjs/icu-messageformat-parser";
import { printAST } from "@formatjs/icu-messageformat-parser/printer.js";
import { addCatalogue, catalogueOf, SOURCE_LANGUAGE } from "../../src/messages/catalogue.ts";

/** A made-up language: English with accents, a third longer and in brackets. What is read without them is not translated. */
export const PSEUDO = "en-XA";

const ACCENTS: ReadonlyMap<string, string> = new Map(
  [..."aåeéiîoöuûcçnñsšyýzžAÅEÉIÎOÖUÛCÇNÑSŠYÝZŽ"].flatMap((letter, at, all) =>
    at % 2 === 0 ? [[letter, all[at + 1] ?? letter] as const] : [],
  ),
);
const COMMAND = /(?<![\p{L}\p{N}/])\/[a-z][a-z0-9_]*(?: [a-z_]+:[^\s.,;{}]+)*/gu;

const accent = (words: string) => [...words].map((letter) => ACCENTS.get(letter) ?? letter).join("");

/** Commands stay: they are typed as they are. */
function accented(words: string): string {
  let at = 0;
  let out = "";
  for (const found of words.matchAll(COMMAND)) {
    out += accent(words.slice(at, found.index)) + found[0];
    at = found.index + found[0].length;
  }
  return out + accent(words.slice(at));
}

const changed = (elements: readonly MessageFormatElement[]): MessageFormatElement[] =>
  elements.map((element): MessageFormatElement => {
    switch (element.type) {
      case TYPE.literal:
        return { ...element, value: accented(element.value) };
      case TYPE.plural:
      case TYPE.select:
        return {
          ...element,
          options: Object.fromEntries(
            Object.entries(element.options).map(([name, option]) => [
              name,
              { ...option, value: changed(option.value) },
            ]),
          ),
        };
      default:
        return element;
    }
  });

/** +35 %, as German and Russian need, as dots: no letters that a test could take for words. */
const longer = (source: string) => "·".repeat(Math.ceil(source.replaceAll(/\{[^{}]*\}/gu, "").length * 0.35));

const pseudo = (id: string, source: string): string => {
  const words = printAST(changed(parse(source, { ignoreTag: true })));
  return NARROW.test(id) || /^\s*$/u.test(source) ? words : `[${words} ${longer(source)}]`;
};

/** Their slots are hardly wider than English is: the catalogue's own checks measure them, here they are accented only. */
const NARROW = /^(?:button|cmd|option|choice|label|alias|example|telegram)\./u;

/**
 * Makes the language known until what it gives back is called. It counts as written from right to left: then commands and
 * everything that is not of the catalogue stands between isolates, and what is left must be accented.
 */
export function speakPseudo(): () => void {
  const english = catalogueOf(SOURCE_LANGUAGE);
  const messages = new Map([...english.messages].map(([id, source]) => [id, pseudo(id, source)]));
  return addCatalogue(PSEUDO, { ...english, name: "Pseudo", direction: "rtl", messages });
}

const ISOLATE = /[\u2066\u2068]([^\u2066-\u2069]*)(?:\u2069|$)/u;

/** What stands between isolates in a text, and what does not. */
export function apart(shown: string): { readonly given: readonly string[]; readonly said: string } {
  const given: string[] = [];
  let said = shown;
  for (let found = ISOLATE.exec(said); found; found = ISOLATE.exec(said)) {
    if (found[1]) given.push(found[1]);
    said = said.slice(0, found.index) + said.slice(found.index + found[0].length);
  }
  return { given, said };
}

/** What Intl writes by itself: months, weekdays, the last "and" of a list, between a date and its time, the time zone. */
const BY_INTL =
  /\b(?:and|or|at|UTC|GMT|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|October|November|December)\b/gu;
/** Letters that the pseudo-language never leaves as they are. */
const PLAIN_WORD = /(?<![\p{L}\p{N}_])(?=[\p{L}]*[aeioucnsyzAEIOUCNSYZ])[A-Za-z]{2,}(?![\p{L}\p{N}_])/gu;

/** Words of a text that come from no catalogue. */
export const unmarked = (said: string): readonly string[] => said.replaceAll(BY_INTL, "").match(PLAIN_WORD) ?? [];
