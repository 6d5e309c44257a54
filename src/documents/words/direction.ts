import type { BaseDirection } from "../../typesetter/lettering/shape.ts";

const RIGHT_TO_LEFT_SCRIPTS: ReadonlySet<string> = new Set(["Arab", "Hebr", "Thaa", "Syrc", "Nkoo", "Adlm"]);
const RIGHT_TO_LEFT =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Thaana}\p{Script=Syriac}\p{Script=Nko}\p{Script=Adlam}]/u;

/** @param language BCP 47; what is none reads from left to right */
export function isRightToLeft(language: string): boolean {
  try {
    return RIGHT_TO_LEFT_SCRIPTS.has(new Intl.Locale(language).maximize().script ?? "");
  } catch {
    return false;
  }
}

/** Of a paragraph: as its first letter says; one without letters goes as the document does. */
export function directionOf(
  paragraph: string,
  document: Exclude<BaseDirection, "auto">,
): Exclude<BaseDirection, "auto"> {
  const letter = /\p{L}/u.exec(paragraph)?.[0];
  if (letter === undefined) return document;
  return RIGHT_TO_LEFT.test(letter) ? "rtl" : "ltr";
}
