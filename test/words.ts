import { type Text, verbatim } from "../src/domain/text.ts";
import { catalogueOf } from "../src/messages/catalogue.ts";
import { render } from "../src/messages/render.ts";
import { BackendError } from "../src/ports/backend.ts";
import { type BackendSentence, named } from "../src/ports/backend-sentence.ts";

/** `T` with every text in it as words. */
export type InWords<T> = T extends string | Uint8Array | ((...given: never[]) => unknown)
  ? T
  : T extends Text | BackendSentence
    ? string
    : T extends object
      ? { [K in keyof T]: [Text] extends [T[K]] ? string : InWords<T[K]> }
      : T;

const isText = (value: object): value is Text => {
  const keys = Object.keys(value).sort().join();
  return (
    (/^(args,)?id$/u.test(keys) && "id" in value && catalogueOf("en").messages.has(String(value.id))) ||
    keys === "verbatim" ||
    keys === "as,parts" ||
    /^clockMs(,date|,weekday)?$/u.test(keys)
  );
};

const isSentence = (value: object): value is BackendSentence =>
  /^about,gaps(,more)?$/u.test(Object.keys(value).sort().join());

/** What a member reads of it in English: every text at any depth becomes words; everything else stays as it is. */
export function english<T>(value: T, language = "en"): InWords<T> {
  const words = (given: unknown): unknown => {
    if (typeof given !== "object" || given === null || ArrayBuffer.isView(given)) return given;
    if (Array.isArray(given)) return given.map(words);
    if (isText(given)) return render(given, language);
    if (isSentence(given)) return render(named(given, verbatim("it")), language);
    if (given instanceof BackendError) return { ...given, message: given.message, memberText: words(given.memberText) };
    const prototype: unknown = Object.getPrototypeOf(given);
    if (prototype !== Object.prototype && prototype !== null) return given;
    return Object.fromEntries(Object.entries(given).map(([key, each]) => [key, words(each)]));
  };
  // The border of a walk over any shape: the type says what the walk does.
  return words(value) as InWords<T>;
}

/** One text in English. */
export const englishWords = (text: Text): string => render(text, "en");
