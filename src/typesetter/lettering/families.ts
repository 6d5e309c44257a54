import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { createRequire } from "node:module";
import { charactersOf, directoryOf } from "./sfnt.ts";
import { woff2Tables, woff2ToSfnt } from "./woff2.ts";

const require = createRequire(import.meta.url);

/** Files inside the font packages. All OFL 1.1 or Apache 2.0; see LICENSES.md beside this room. */
const WHOLE = {
  /** Latin, Cyrillic, Greek: the two families every other font falls back to. */
  condensed: "@expo-google-fonts/sofia-sans-extra-condensed/900Black/SofiaSansExtraCondensed_900Black.ttf",
  narrow: "@expo-google-fonts/sofia-sans-extra-condensed/700Bold/SofiaSansExtraCondensed_700Bold.ttf",
  grotesk: "@expo-google-fonts/inter-tight/900Black/InterTight_900Black.ttf",
  text: "@expo-google-fonts/inter-tight/600SemiBold/InterTight_600SemiBold.ttf",
  /** For what is read on a page, not from across a street. */
  body: "@expo-google-fonts/inter-tight/400Regular/InterTight_400Regular.ttf",
  /** Arabic and Hebrew, both with Latin. */
  arabic: "@expo-google-fonts/lalezar/Lalezar_400Regular.ttf",
  hebrew: "@expo-google-fonts/secular-one/400Regular/SecularOne_400Regular.ttf",
  /** Japanese, with most of the Chinese that both write. */
  japanese: "@expo-google-fonts/dela-gothic-one/400Regular/DelaGothicOne_400Regular.ttf",
  hangul: "@expo-google-fonts/black-han-sans/400Regular/BlackHanSans_400Regular.ttf",
  /** One voice per poster style. */
  anton: "@expo-google-fonts/anton/400Regular/Anton_400Regular.ttf",
  russo: "@expo-google-fonts/russo-one/400Regular/RussoOne_400Regular.ttf",
  archivo: "@expo-google-fonts/archivo-black/400Regular/ArchivoBlack_400Regular.ttf",
  slab: "@expo-google-fonts/alfa-slab-one/400Regular/AlfaSlabOne_400Regular.ttf",
  deco: "@expo-google-fonts/limelight/400Regular/Limelight_400Regular.ttf",
  line: "@expo-google-fonts/poiret-one/400Regular/PoiretOne_400Regular.ttf",
  typewriter: "@expo-google-fonts/special-elite/400Regular/SpecialElite_400Regular.ttf",
  marker: "@expo-google-fonts/permanent-marker/400Regular/PermanentMarker_400Regular.ttf",
  mono: "@expo-google-fonts/share-tech-mono/400Regular/ShareTechMono_400Regular.ttf",
  serif: "@expo-google-fonts/yeseva-one/400Regular/YesevaOne_400Regular.ttf",
} as const;

/**
 * Families that come in slices of some hundred characters, of all weights, with a table of what is in which: only the slices
 * of a text are read.
 */
const SLICED = {
  /** For the letters of Kurdish, Uyghur and others that Lalezar lacks. */
  arabicMore: { table: "@fontsource-variable/noto-sans-arabic/unicode.json", weight: 900 },
  devanagari: { table: "@fontsource-variable/baloo-2/unicode.json", weight: 800 },
  bengali: { table: "@fontsource-variable/baloo-da-2/unicode.json", weight: 800 },
  tamil: { table: "@fontsource-variable/baloo-thambi-2/unicode.json", weight: 800 },
  thai: { table: "@fontsource-variable/noto-sans-thai/unicode.json", weight: 900 },
  georgian: { table: "@fontsource-variable/noto-sans-georgian/unicode.json", weight: 900 },
  armenian: { table: "@fontsource-variable/noto-sans-armenian/unicode.json", weight: 900 },
  ethiopic: { table: "@fontsource-variable/noto-sans-ethiopic/unicode.json", weight: 900 },
  simplified: { table: "@fontsource-variable/noto-sans-sc/unicode.json", weight: 900 },
  traditional: { table: "@fontsource-variable/noto-sans-tc/unicode.json", weight: 900 },
  korean: { table: "@fontsource-variable/noto-sans-kr/unicode.json", weight: 900 },
  symbols: { table: "@fontsource-variable/noto-sans-symbols/unicode.json", weight: 900 },
  emoji: { table: "@fontsource-variable/noto-emoji/unicode.json", weight: 700 },
} as const;

type Sliced = keyof typeof SLICED;
export type FontName = keyof typeof WHOLE | Sliced;

/** One file of a family: its name, for a slice with the slice's, and "@" and a weight where that is not the family's. */
export type Face = FontName | `${Sliced}/${string}`;

const isSliced = (name: FontName): name is Sliced => Object.hasOwn(SLICED, name);
const familyOf = (face: Face): FontName => face.split("/", 1)[0] as FontName;

const pathOf = (face: Face): string => {
  const name = familyOf(face);
  if (!isSliced(name)) return require.resolve(WHOLE[name]);
  const [scope, id] = SLICED[name].table.split("/");
  const [slice] = face.slice(name.length + 1).split("@");
  return require.resolve(`${scope}/${id}/files/${id}-${slice}-wght-normal.woff2`);
};

/** The file as HarfBuzz takes it, and the weight it is to be set to where it has all. @throws when a package is not installed */
export function readFace(face: Face): { readonly bytes: Uint8Array; readonly weight: number | undefined } {
  const name = familyOf(face);
  const file = readFileSync(pathOf(face));
  if (!isSliced(name)) return { bytes: file, weight: undefined };
  const [, weight] = face.split("@");
  return { bytes: woff2ToSfnt(file), weight: weight === undefined ? SLICED[name].weight : Number(weight) };
}

/** The same letters as heavy as text is, where the family comes in all weights. */
export const bodyFaceOf = (face: Face): Face => (face.includes("/") ? (`${face}@${BODY_WEIGHT}` as Face) : face);

const BODY_WEIGHT = 450;

interface Range {
  readonly first: number;
  readonly last: number;
  readonly face: Face;
}

/** What a package says of its slices, by blocks of 256 characters: none lies outside of it, but not all inside are there. */
type Slices = ReadonlyMap<number, readonly Range[]>;

const slicesByFamily = new Map<Sliced, Slices>();

function slicesOf(name: Sliced): Slices {
  const known = slicesByFamily.get(name);
  if (known) return known;
  const table = JSON.parse(readFileSync(require.resolve(SLICED[name].table), "utf8")) as Readonly<
    Record<string, string>
  >;
  const slices = new Map<number, Range[]>();
  for (const [slice, ranges] of Object.entries(table)) {
    const face = `${name}/${slice.replace(/[[\]]/gu, "")}` as const;
    for (const range of ranges.split(",")) {
      const [start = "", end = start] = range.trim().slice(2).split("-");
      const [first, last] = [Number.parseInt(start, 16), Number.parseInt(end, 16)];
      for (let block = first >> 8; block <= last >> 8; block++)
        slices.set(block, [...(slices.get(block) ?? []), { first, last, face }]);
    }
  }
  slicesByFamily.set(name, slices);
  return slices;
}

const charactersByFace = new Map<Face, ReadonlySet<number>>();

/** Without reading the letters themselves: the program's main thread asks this of every prompt. */
function has(face: Face, codePoint: number): boolean {
  let characters = charactersByFace.get(face);
  if (!characters) {
    const path = pathOf(face);
    const cmap = path.endsWith(".woff2") ? woff2Tables(readFileSync(path)).get("cmap")?.data : tableOf(path, "cmap");
    characters = cmap ? charactersOf(cmap) : new Set<number>();
    charactersByFace.set(face, characters);
  }
  return characters.has(codePoint);
}

const DIRECTORY_MAX_BYTES = 1024;

function tableOf(path: string, tag: string): Uint8Array | undefined {
  const file = openSync(path, "r");
  try {
    const start = Buffer.alloc(DIRECTORY_MAX_BYTES);
    readSync(file, start, 0, start.length, 0);
    const entry = directoryOf(start).get(tag);
    if (!entry) return undefined;
    const table = Buffer.alloc(entry.bytes);
    readSync(file, table, 0, table.length, entry.offset);
    return table;
  } finally {
    closeSync(file);
  }
}

/** What any face may have: each character once, in rising order. Reads all fonts. */
export function allCharacters(): readonly number[] {
  const found = new Set<number>();
  const add = (face: Face) => {
    has(face, 0);
    for (const character of charactersByFace.get(face) ?? []) found.add(character);
  };
  for (const name of Object.keys({ ...WHOLE, ...SLICED }) as FontName[])
    if (!isSliced(name)) add(name);
    else for (const face of new Set([...slicesOf(name).values()].flat().map((range) => range.face))) add(face);
  return [...found].sort((a, b) => a - b);
}

/** Which file of the family has this character. */
export function faceWith(name: FontName, codePoint: number): Face | undefined {
  if (!isSliced(name)) return has(name, codePoint) ? name : undefined;
  const range = slicesOf(name)
    .get(codePoint >> 8)
    ?.find(({ first, last, face }) => first <= codePoint && codePoint <= last && has(face, codePoint));
  return range?.face;
}
