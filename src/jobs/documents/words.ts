import type { DocumentKind } from "../../domain/document.ts";
import type { Text } from "../../domain/text.ts";
import { cutText } from "../../lib/text.ts";
import { render } from "../../messages/render.ts";

export const ENDING: Readonly<Record<DocumentKind, string>> = {
  sheet: "jpg",
  deck: "pdf",
  slides: "pptx",
  zip: "zip",
  print: "pdf",
};
const NAME_MAX_CHARS = 60;

/** What a document says is in the language it was asked for in, whoever reads it later. */
export interface DocumentWords {
  readonly language: string;
  say(text: Text): string;
  /** "12 May 2026", where this machine is. */
  date(atMs: number): string;
  /** "19:21". */
  time(atMs: number): string;
}

export function wordsIn(language: string): DocumentWords {
  const dates = new Intl.DateTimeFormat(language, { dateStyle: "long" });
  const times = new Intl.DateTimeFormat(language, { timeStyle: "short" });
  return {
    language,
    say: (text) => render(text, language),
    date: (atMs) => dates.format(atMs),
    time: (atMs) => times.format(atMs),
  };
}

/** A title as the name of a file, in any script: without what some system forbids in one. */
export function fileName(title: string, ending: string): string {
  const plain = title
    .normalize("NFC")
    .replaceAll(/[\p{Cc}\p{Cf}/\\:*?"<>|]+/gu, " ")
    .replaceAll(/\s+/gu, " ")
    .replaceAll(/^[. ]+|[. ]+$/gu, "");
  return `${cutText(plain === "" ? "Placard" : plain, NAME_MAX_CHARS)
    .replaceAll("…", "")
    .trim()}.${ending}`;
}
