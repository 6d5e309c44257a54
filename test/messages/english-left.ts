import { type MessageFormatElement, parse, TYPE } from "@formatjs/icu-messageformat-parser";
import { catalogueOf, SOURCE_LANGUAGE } from "../../src/messages/catalogue.ts";

/** What stands between the gaps of a sentence, in each of its cases. */
const literalsIn = (elements: readonly MessageFormatElement[]): readonly string[] =>
  elements.flatMap((element) => {
    switch (element.type) {
      case TYPE.literal:
        return [element.value.trim()];
      case TYPE.plural:
      case TYPE.select:
        return Object.values(element.options).flatMap(({ value }) => literalsIn(value));
      default:
        return [];
    }
  });

const literalsOf = (source: string) => literalsIn(parse(source, { ignoreTag: true }));
const COMMAND = /\/[a-z_]+(?: [a-z_]+:\S+)*/gu;
/** Two words or more; commands are no words. */
const isSentence = (literal: string) => (literal.replaceAll(COMMAND, "").match(/\p{L}{2,}/gu) ?? []).length >= 2;
const plain = (words: string) => words.replaceAll(/[\u2066-\u2069\\]/gu, "");

/**
 * English sentences, or halves of them, that stand in texts of another language, and labels that are English as a whole.
 * Nothing is said of what this language has on its list of sentences that are the same.
 */
export function englishLeft(texts: readonly string[], language: string): readonly string[] {
  const own = catalogueOf(language);
  const ownWords = [...own.messages.values()].join("\n");
  const english = [...catalogueOf(SOURCE_LANGUAGE).messages].filter(([id]) => !(id in own.same));
  const sentences = english.flatMap(([id, source]) =>
    literalsOf(source)
      .filter((literal) => isSentence(literal) && !ownWords.includes(literal))
      .map((literal) => ({ id, literal })),
  );
  const labels = new Map(
    english.flatMap(([id, source]) => (own.messages.get(id) !== source && !source.includes("{") ? [[source, id]] : [])),
  );
  return [...new Set(texts.map(plain))].flatMap((shown) => [
    ...sentences.filter(({ literal }) => shown.includes(literal)).map(({ id }) => `${id}: ${shown}`),
    ...(labels.has(shown) && !ownWords.split("\n").includes(shown) ? [`${labels.get(shown)}: ${shown}`] : []),
  ]);
}
