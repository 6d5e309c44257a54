import { readFileSync } from "node:fs";
import path from "node:path";
import { type MessageFormatElement, parse, TYPE } from "@formatjs/icu-messageformat-parser";
import { describe, expect, it } from "vitest";
import { argumentTypes, casesOf } from "../../src/messages/argument-types.ts";
import { catalogueOf, LANGUAGES, SOURCE_LANGUAGE } from "../../src/messages/catalogue.ts";

const english = catalogueOf(SOURCE_LANGUAGE).messages;
const others = LANGUAGES.filter((language) => language !== SOURCE_LANGUAGE);

/** At most so many characters, as the narrowest platform takes it; gaps count as what usually stands there. */
const SLOTS: readonly { readonly ids: RegExp; readonly maxChars: number; readonly why: string }[] = [
  { ids: /^button\./u, maxChars: 24, why: "a button on every platform" },
  { ids: /^cmd\.[a-z_]+\.summary$/u, maxChars: 100, why: "Discord's description" },
  { ids: /^(?:cmd\.[a-z_]+\.)?option\./u, maxChars: 100, why: "Discord's description" },
  { ids: /^label\./u, maxChars: 45, why: "Discord's label of a form's field" },
  { ids: /^choice\./u, maxChars: 60, why: "a select's label" },
  { ids: /^telegram\.answer\./u, maxChars: 200, why: "Telegram's answer to a press" },
];

const messagesOf = (language: string) => [...catalogueOf(language).messages];
const commandsIn = (source: string) =>
  [...source.matchAll(/(?<![\p{L}\p{N}/.<])\/([a-z][a-z_]+)/gu)].map(([, name]) => name).toSorted();
/** With the longest of its cases; four characters where a gap is. */
const lengthOf = (elements: readonly MessageFormatElement[]): number =>
  elements.reduce((chars, element) => {
    switch (element.type) {
      case TYPE.literal:
        return chars + element.value.length;
      case TYPE.plural:
      case TYPE.select:
        return chars + Math.max(...Object.values(element.options).map(({ value }) => lengthOf(value)));
      default:
        return chars + 4;
    }
  }, 0);
const charsOf = (source: string) => lengthOf(parse(source, { ignoreTag: true }));

/** The cases that whole numbers reach in a language. */
function casesOfWholeNumbers(language: string, kind: string): ReadonlySet<string> {
  const rules = new Intl.PluralRules(language, { type: kind === "ordinal" ? "ordinal" : "cardinal" });
  return new Set(Array.from({ length: 201 }, (_, n) => rules.select(n)));
}

describe.each(LANGUAGES)("the catalogue of %s", (language) => {
  const messages = messagesOf(language);

  it("is sorted, one sentence a line", () => {
    const file = path.join(import.meta.dirname, "../../src/messages/locales", `${language}.json`);
    const ids = Object.keys(JSON.parse(readFileSync(file, "utf8"))).slice(1);
    expect(ids).toEqual(ids.toSorted());
    expect(
      readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => /^ {2}"/u.test(line)).length,
    ).toBe(ids.length + 1);
  });

  it("can be read, with every case of its plurals", () => {
    const wrong = messages.flatMap(([id, source]) => {
      try {
        return casesOf(source).flatMap(({ name, kind, cases }) => {
          const needed = kind === "select" ? ["other"] : [...casesOfWholeNumbers(language, kind), "other"];
          return needed.filter((one) => !cases.includes(one)).map((one) => `${id}: {${name}} lacks ${one}`);
        });
      } catch (error) {
        return [`${id}: ${String(error)}`];
      }
    });
    expect(wrong).toEqual([]);
  });

  it("fits where it stands", () => {
    const long = messages.flatMap(([id, source]) =>
      SLOTS.filter(({ ids, maxChars }) => ids.test(id) && charsOf(source) > maxChars).map(
        ({ maxChars, why }) => `${id}: ${charsOf(source)} of ${maxChars} characters (${why})`,
      ),
    );
    expect(long).toEqual([]);
  });

  it("quotes no gap by accident: ICU takes an apostrophe before a brace for that", () => {
    expect(messages.filter(([, source]) => /'[{}]/u.test(source)).map(([id]) => id)).toEqual([]);
  });
});

describe.each(others)("the catalogue of %s beside the English one", (language) => {
  const messages = messagesOf(language);
  const shared = messages.flatMap(([id, source]) => {
    const first = english.get(id);
    return first === undefined ? [] : [{ id, source, first }];
  });

  it("has every sentence", () => {
    const ids = new Set(messages.map(([id]) => id));
    expect([...english.keys()].filter((id) => !ids.has(id))).toEqual([]);
  });

  it("says nothing in English, but for what is on its list with a reason", () => {
    const same = messages.filter(([id, source]) => english.get(id) === source).map(([id]) => id);
    expect(same.toSorted()).toEqual(Object.keys(catalogueOf(language).same).toSorted());
  });

  it("has no sentence that English lacks", () => {
    expect(messages.map(([id]) => id).filter((id) => !english.has(id))).toEqual([]);
  });

  it("has the same gaps", () => {
    const wrong = shared.filter(
      ({ source, first }) =>
        JSON.stringify([...argumentTypes(source)].toSorted()) !== JSON.stringify([...argumentTypes(first)].toSorted()),
    );
    expect(wrong.map(({ id, source, first }) => `${id}: ${source} / ${first}`)).toEqual([]);
  });

  it("names the same commands", () => {
    const wrong = shared.filter(({ source, first }) => commandsIn(source).join() !== commandsIn(first).join());
    expect(wrong.map(({ id, source }) => `${id}: ${source}`)).toEqual([]);
  });
});
