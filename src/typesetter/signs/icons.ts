import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { GRIM, NOT_SUBJECTS, SYNONYMS } from "./icon-words.ts";

/** A silhouette from game-icons.net, CC BY 3.0: see LICENSES.md beside this file. */
export interface Icon {
  readonly name: string;
  /** SVG path data in a square of `ICON_SIDE`. */
  readonly d: string;
}

export const ICON_SIDE = 512;

interface IconSet {
  readonly icons: Readonly<Record<string, { readonly body: string }>>;
}

let loaded: { readonly set: IconSet; readonly byWord: ReadonlyMap<string, string> } | undefined;

function library(): NonNullable<typeof loaded> {
  if (loaded) return loaded;
  const path = createRequire(import.meta.url).resolve("@iconify-json/game-icons/icons.json");
  const set = JSON.parse(readFileSync(path, "utf8")) as IconSet;
  loaded = { set, byWord: wordTable(Object.keys(set.icons)) };
  return loaded;
}

/** Each word of the names leads to the plainest icon that has it: the whole name, else the shortest. */
function wordTable(names: readonly string[]): ReadonlyMap<string, string> {
  const best = new Map<string, { readonly name: string; readonly rank: number }>();
  for (const name of names) {
    const words = name.split("-").filter((word) => /^[a-z]{3,}$/u.test(word));
    words.forEach((word, index) => {
      const stem = stemOf(word);
      if (NOT_SUBJECTS.has(word) || NOT_SUBJECTS.has(stem)) return;
      // In "barn-owl" the last word is the subject and the first one only says which.
      const rank =
        (name === word ? 0 : name === stem ? 0 : 10 + name.length) +
        (index === words.length - 1 ? 0 : 12) +
        (GRIM.test(name) && name !== word ? 60 : 0);
      const known = best.get(stem);
      if (!known || rank < known.rank || (rank === known.rank && name < known.name)) best.set(stem, { name, rank });
    });
  }
  return new Map([...best].map(([stem, { name }]) => [stem, name]));
}

/** A plural's singular, roughly; what matters is that both sides of a look-up go through it. */
export function stemOf(word: string): string {
  if (word.length > 4 && word.endsWith("ies")) return `${word.slice(0, -3)}y`;
  if (word.length > 4 && /(?:ch|sh|x|ss|z)es$/u.test(word)) return word.slice(0, -2);
  if (word.length > 3 && word.endsWith("s") && !/(?:ss|us|is)$/u.test(word)) return word.slice(0, -1);
  return word;
}

/** The icon for an English noun, lower case, singular or plural. */
export function iconFor(word: string): Icon | undefined {
  const { set, byWord } = library();
  const stem = stemOf(word);
  const named = Object.hasOwn(SYNONYMS, word)
    ? SYNONYMS[word]
    : Object.hasOwn(SYNONYMS, stem)
      ? SYNONYMS[stem]
      : undefined;
  const name = named !== undefined && Object.hasOwn(set.icons, named) ? named : byWord.get(stem);
  return name === undefined ? undefined : iconNamed(name);
}

export function iconNamed(name: string): Icon | undefined {
  const { set } = library();
  const body = Object.hasOwn(set.icons, name) ? set.icons[name]?.body : undefined;
  const d = body ? / d="([^"]+)"/u.exec(body)?.[1] : undefined;
  return d === undefined ? undefined : { name, d };
}

/** Synonyms that lead nowhere; for the tests. */
export const brokenSynonyms = (): readonly string[] => Object.values(SYNONYMS).filter((name) => !iconNamed(name));
export const wordCount = (): number => library().byWord.size + Object.keys(SYNONYMS).length;
