import unhomoglyph from "unhomoglyph";

/** Nobody sees them: joiners, selectors, fillers, blank Braille. */
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\u2800]/gu;
/** Marks that make no letter of their own with what they stand on: drawn over, under or through it. */
const LOOSE_MARKS = /(?<=[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{N}]\p{M}*)\p{M}/gu;

/**
 * What a name looks like: names with one of these in common can be mistaken for each other. The skeleton of UTS 39, section 4,
 * as it stands, where "I" is "l", and one for which case is the same, where "I" is "i". For comparing, never for showing.
 */
export function looksOf(name: string): readonly string[] {
  const seen = name.normalize("NFKC").replace(/\s+/gu, " ").replace(UNSEEN, "").replace(LOOSE_MARKS, "").trim();
  return [`as it stands: ${skeleton(seen)}`, `in any case: ${skeleton(withoutCase(seen))}`];
}

const skeleton = (text: string): string => unhomoglyph(text.normalize("NFD")).normalize("NFD");

/** Letter by letter, since a capital may look like one of another script whose small letter does not: Η is H, η is n. */
const withoutCase = (text: string): string =>
  [...text]
    .map((letter) => {
      const alike = unhomoglyph(letter);
      return alike === "l" && letter !== letter.toLowerCase() ? "i" : alike;
    })
    .join("")
    .toLowerCase();

/** Letters of other scripts as those of one that they look like. For comparing two texts that have both gone through it. */
export const drawnAlike = (text: string): string => skeleton(text);
