import type { Text } from "../src/domain/text.ts";
import { catalogueOf } from "../src/messages/catalogue.ts";
import { render } from "../src/messages/render.ts";

/** `T` with every text in it as words. */
export type InWords<T> = T extends string | Uint8Array | ((...given: never[]) => unknown)
  ? T
  : T extends Text
    ? string
    : T extends object
      ? { [K in keyof T]: [Text] extends [T[K]] ? string : InWords<T[K]> }
      : T;

const isText = (value: object): value is Exclude<Text, string> => {
  const keys = Object.keys(value).sort().join();
  return (
    (/^(args,)?id$/u.test(keys) && "id" in value && catalogueOf("en").messages.has(String(value.id))) ||
    keys === "verbatim" ||
    keys === "as,parts" ||
    /^clockMs(,weekday)?$/u.test(keys)
  );
};

/** What a member reads of it in English: every text at any depth becomes words; everything else stays as it is. */
export function english<T>(value: T, language = "en"): InWords<T> {
  const words = (given: unknown): unknown => {
    if (typeof given !== "object" || given === null || ArrayBuffer.isView(given)) return given;
    if (Array.isArray(given)) return given.map(words);
    if (isText(given)) return render(given, language);
    const prototype: unknown = Object.getPrototypeOf(given);
    if (prototype !== Object.prototype && prototype !== null) return given;
    return Object.fromEntries(Object.entries(given).map(([key, each]) => [key, words(each)]));
  };
  // The border of a walk over any shape: the type says what the walk does.
  return words(value) as InWords<T>;
}

/** One text in English. */
export const englishWords = (text: Text): string => render(text, "en");
