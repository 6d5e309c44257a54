import { loadFolders } from "../../lib/load-folders.ts";
import type { Family } from "./family.ts";

/**
 * The families in the folders: one new file is enough for a new one. The lowest rank first, so that what is chosen where
 * nobody chose is the same on every machine.
 *
 * @param folders addresses that end in "/"
 * @throws Error naming the file that exports no `family`, or another one than its name says
 */
export async function familiesIn(folders: readonly URL[]): Promise<readonly Family[]> {
  const loaded = await loadFolders<Family>(folders, "family");
  const wrong = loaded.find(({ file, found }) => found.id !== file);
  if (wrong) throw new Error(`${wrong.file}.ts has the family ${wrong.found.id}: name both alike`);
  const families = loaded.map(({ found }) => found);
  return families.toSorted((a, b) => a.rank - b.rank || (a.id < b.id ? -1 : 1));
}

/** Placard's own. */
export const OWN_FAMILIES = new URL("../", import.meta.url);

export const FAMILIES: readonly Family[] = await familiesIn([OWN_FAMILIES]);
