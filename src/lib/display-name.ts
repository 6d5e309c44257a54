import { cutText } from "./text.ts";
import { withoutUnseen } from "./unseen.ts";

const NAME_MAX_CHARS = 64;
/** More in a row are no letter of any script in use: they grow over the lines above and below. */
const MARKS_MAX = 4;
const TOO_MANY_MARKS = new RegExp(`(\\p{M}{${MARKS_MAX}})\\p{M}+`, "gu");
/** What no script needs to be read: controls, private characters, halves of pairs, marks of direction, fillers, tags. */
const NO_LETTER = /(?!\u200c|\u200d|\ufe0e|\ufe0f)[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;
/** Flags of regions are a black flag and tags. */
const TAGGED_FLAG = /(\u{1f3f4}[\u{e0020}-\u{e007e}]+\u{e007f})/u;
/** Joiners stand between letters of their scripts or parts of an emoji, selectors behind an emoji or its digit. */
const STRAY_JOINER =
  /(?<!\p{L}|\p{M}|\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)[\u200c\u200d]|[\u200c\u200d](?![\p{L}\p{Extended_Pictographic}])/gu;
const STRAY_SELECTOR = /(?<![\p{Emoji}])[\ufe0e\ufe0f]/gu;

/**
 * What somebody or something is called, fit to stand in a line of ours: a platform hands out names as they were typed, with
 * characters that turn the rest of the line round or that nobody sees. In normal form C, one space at most between words, at
 * most 64 UTF-16 units.
 *
 * @param otherwise instead of a name of which nothing is to be seen
 */
export function displayName(given: string, otherwise: string): string {
  let name = given;
  // What is taken out can leave a mark, a joiner or a space where it has nothing to do.
  for (let before: string | undefined; before !== name; name = tidied(name)) before = name;
  return /[^\p{M}\p{Z}\p{Default_Ignorable_Code_Point}]/u.test(name) ? name : otherwise;
}

function tidied(name: string): string {
  const seen = name
    .normalize("NFC")
    .replace(/\s+/gu, " ")
    .split(TAGGED_FLAG)
    .map((part) => (TAGGED_FLAG.test(part) ? part : plain(part)))
    .join("")
    .trim();
  return cutText(seen, NAME_MAX_CHARS);
}

const plain = (part: string): string =>
  withoutUnseen(part)
    .replace(NO_LETTER, "")
    .replace(STRAY_JOINER, "")
    .replace(STRAY_SELECTOR, "")
    .replace(TOO_MANY_MARKS, "$1");
