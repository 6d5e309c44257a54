import { bodyFaceOf, type Face, type FontName, faceWith } from "./families.ts";
import type { HanForm } from "./han.ts";

/** How a text is lettered. */
export interface Voice {
  readonly font: FontName;
  readonly han: HanForm;
}

const FALLBACKS: Readonly<Partial<Record<FontName, readonly FontName[]>>> = {
  anton: ["condensed", "arabic", "hebrew"],
  condensed: ["arabic", "hebrew", "grotesk"],
  narrow: ["arabic", "hebrew", "text"],
  text: ["arabic", "hebrew"],
  body: ["arabicMore", "hebrew"],
  line: ["text", "arabic", "hebrew"],
  mono: ["text", "arabic", "hebrew"],
  serif: ["grotesk", "arabic", "hebrew"],
};
const ANY_FALLBACK: readonly FontName[] = ["grotesk", "arabic", "hebrew"];
/** For single signs that the text families lack: arrows, stars, units. */
const LAST: readonly FontName[] = [
  "grotesk",
  "condensed",
  "japanese",
  "korean",
  "simplified",
  "traditional",
  "symbols",
  "emoji",
];

const HAN_FAMILIES: Readonly<Record<HanForm, readonly FontName[]>> = {
  japanese: ["japanese", "traditional", "simplified", "korean"],
  simplified: ["simplified", "traditional", "japanese", "korean"],
  traditional: ["traditional", "simplified", "japanese", "korean"],
};

/** Families of a script, which go before the poster's own: their Latin would look foreign, its Arabic is not there. */
const BY_SCRIPT: readonly (readonly [RegExp, (han: HanForm) => readonly FontName[]])[] = [
  [/\p{Script=Arabic}/u, () => ["arabic", "arabicMore"]],
  [/\p{Script=Hebrew}/u, () => ["hebrew"]],
  [
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\u3000-\u303f\uff00-\uffef]/u,
    (han) => HAN_FAMILIES[han],
  ],
  [/\p{Script=Hangul}/u, () => ["hangul", "korean"]],
  [/\p{Script=Devanagari}/u, () => ["devanagari"]],
  [/\p{Script=Bengali}/u, () => ["bengali"]],
  [/\p{Script=Tamil}/u, () => ["tamil"]],
  [/\p{Script=Thai}/u, () => ["thai"]],
  [/\p{Script=Georgian}/u, () => ["georgian"]],
  [/\p{Script=Armenian}/u, () => ["armenian"]],
  [/\p{Script=Ethiopic}/u, () => ["ethiopic"]],
  [/\p{Emoji_Presentation}/u, () => ["emoji"]],
];
/** The mark keeps the font of its letter; one of a script's own is a letter like others. */
const FOLLOWS = /^(?:(?=\p{M})\p{Script=Inherited}|[\u200c\u200d]|[\u2066-\u2069])$/u;

interface ScriptFamilies {
  readonly script: RegExp;
  readonly families: readonly FontName[];
}

/** Beside a face that is drawn for posters alone: one for text. */
const PLAIN: ReadonlySet<FontName> = new Set(["arabicMore"]);
const plainFirst = (one: FontName, other: FontName): number => Number(PLAIN.has(other)) - Number(PLAIN.has(one));

/** Of a line, so that its words do not change faces for the sake of one letter: the family that has all of a script goes first. */
function scriptsIn(text: string, { font, han }: Voice): readonly ScriptFamilies[] {
  return BY_SCRIPT.flatMap(([script, familiesFor]) => {
    if (!script.test(text)) return [];
    const families = font === "body" ? familiesFor(han).toSorted(plainFirst) : familiesFor(han);
    const own = [...text].filter((character) => script.test(character));
    const whole = families.find((name) => own.every((one) => faceWith(name, codePointOf(one)) !== undefined));
    return [
      { script, families: whole === undefined ? families : [whole, ...families.filter((name) => name !== whole)] },
    ];
  });
}

const ownFamilies = (word: string, scripts: readonly ScriptFamilies[]): readonly FontName[] =>
  scripts.flatMap(({ script, families }) => (script.test(word) ? families : []));

const familiesFor = (own: readonly FontName[], { font }: Voice): readonly FontName[] => [
  ...own,
  font,
  ...(FALLBACKS[font] ?? ANY_FALLBACK),
];

const codePointOf = (character: string): number => character.codePointAt(0) ?? 0;

/** The family that has all of a word, so that a face with half an alphabet does not mix two inside it. */
const familyForWord = (word: string, families: readonly FontName[]): FontName | undefined =>
  families.find((name) =>
    [...word].every((character) => FOLLOWS.test(character) || faceWith(name, codePointOf(character)) !== undefined),
  );

function faceForCharacter(character: string, families: readonly FontName[]): Face | undefined {
  for (const name of [...families, ...LAST]) {
    const face = faceWith(name, codePointOf(character));
    if (face !== undefined) return face;
  }
  return undefined;
}

/** The face of each UTF-16 unit. What no face has gets one that will not draw it. */
export function facesPerUnit(text: string, voice: Voice): Face[] {
  const faces: Face[] = new Array<Face>(text.length).fill(voice.font);
  // A date among words of a script is lettered with them.
  let beside: readonly FontName[] = [];
  const scripts = scriptsIn(text, voice);
  for (const match of text.matchAll(/\S+/gu)) {
    const own = ownFamilies(match[0], scripts);
    const hasLetters = /\p{L}/u.test(match[0]);
    const family = familyForWord(match[0], familiesFor(hasLetters ? own : [...own, ...beside], voice));
    if (hasLetters) beside = own;
    let at = match.index;
    let last: Face | undefined;
    for (const character of match[0]) {
      const face = FOLLOWS.test(character)
        ? last
        : family === undefined
          ? faceForCharacter(character, familiesFor(ownFamilies(character, scripts), voice))
          : faceWith(family, codePointOf(character));
      last = face ?? last;
      for (let i = 0; i < character.length; i++) faces[at++] = last ?? voice.font;
    }
  }
  // A space goes with the word before it: its width then fits its neighbour. Among pictures it is as wide as one of them.
  for (let i = 1; i < text.length; i++) {
    if (!/\s/u.test(text[i] ?? "")) continue;
    const before = faces[i - 1] ?? voice.font;
    faces[i] = before.startsWith("emoji") || before.startsWith("symbols") ? voice.font : before;
  }
  return voice.font === "body" ? faces.map(bodyFaceOf) : faces;
}

const ANY: Voice = { font: "grotesk", han: "simplified" };

/** Some face letters it. Reads fonts for it; `missingCharacters` knows it from a table. */
export function hasFace(character: string): boolean {
  const own = ownFamilies(character, scriptsIn(character, ANY));
  return faceForCharacter(character, familiesFor(own, ANY)) !== undefined;
}
