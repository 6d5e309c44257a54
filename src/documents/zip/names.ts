import anyAscii from "any-ascii";
import type { DocumentPicture } from "../../ports/documents.ts";

const SLUG_MAX_CHARS = 40;

/** "01-rent-strike-7.png": in their order wherever they are unpacked, with their numbers as in the chat. */
export function pictureNames(
  pictures: readonly Pick<DocumentPicture, "alt" | "words" | "number">[],
): readonly string[] {
  const digits = Math.max(2, String(pictures.length).length);
  return pictures.map(({ alt, words = alt, number }, index) =>
    [String(index + 1).padStart(digits, "0"), slugOf(words), String(number)]
      .filter((part) => part !== "")
      .join("-")
      .concat(".png"),
  );
}

/** In letters that every file system and every program that unpacks takes. */
function slugOf(words: string): string {
  const plain = words
    .normalize("NFKC")
    // Signs for whole syllables would run into one word.
    .replace(/[\p{Script=Han}\p{Script=Hangul}]/gu, " $& ")
    .replace(/\p{Extended_Pictographic}|\ufe0f/gu, " ")
    .replace(/[^\p{ASCII}]+/gu, (foreign) => anyAscii(foreign))
    .toLowerCase()
    .replace(/['`’]/gu, "")
    .replace(/[^a-z0-9]+/gu, "-")
    .replace(/^-+|-+$/gu, "");
  if (plain.length <= SLUG_MAX_CHARS) return plain;
  const cut = plain.slice(0, SLUG_MAX_CHARS);
  const end = cut.lastIndexOf("-");
  return plain[SLUG_MAX_CHARS] === "-" || end < SLUG_MAX_CHARS / 2 ? cut.replace(/-+$/u, "") : cut.slice(0, end);
}
