import { loadFolders } from "../../lib/load-folders.ts";
import type { FamilyGraph } from "./graph-input.ts";

/** By family. */
export type FamilyGraphs = ReadonlyMap<string, FamilyGraph>;

/**
 * The graphs in the folders: one file is enough for a new family.
 * @param folders addresses that end in "/"
 * @throws Error naming the file that exports no `graph`
 */
export async function graphsIn(folders: readonly URL[]): Promise<FamilyGraphs> {
  const loaded = await loadFolders<FamilyGraph>(folders, "graph");
  return new Map(loaded.flatMap(({ found }) => found.families.map((family) => [family, found] as const)));
}

/** Placard's own. */
export const OWN_GRAPHS = new URL("./graphs/", import.meta.url);

export const GRAPHS: FamilyGraphs = await graphsIn([OWN_GRAPHS]);
