import { type HanForm, hanFormOf } from "../../typesetter/lettering/han.ts";

/** Where the language says it, it is known; else by the words of the whole document. */
export function hanFor(language: string, words: readonly string[]): HanForm {
  if (/^ja\b/iu.test(language)) return "japanese";
  if (/^zh\b.*\b(?:hant|tw|hk|mo)\b/iu.test(language)) return "traditional";
  if (/^zh\b/iu.test(language)) return "simplified";
  return hanFormOf(words.join("\n"));
}
