import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** What one file brings. */
export interface Loaded<T> {
  /** The file's name without suffix. */
  readonly file: string;
  readonly found: T;
}

/**
 * Imports every `*.ts` of the folders, in file-name order within each, and returns what each exports under `exportName`. This
 * is what makes "one new file" enough to add a command, a button, a platform, a backend, a store or a family of models.
 *
 * @param folders addresses that end in "/"
 * @throws Error naming the file that lacks the export, or two files of one name: a wrong file stops the start, it is never
 * skipped
 */
export async function loadFolders<T>(
  folders: readonly URL[],
  exportName: string,
  former: readonly URL[] = [],
): Promise<readonly Loaded<T>[]> {
  const none = new Set(former.map(({ href }) => href));
  const files = (await Promise.all(folders.map(filesIn))).flat().filter(({ url }) => !none.has(url.href));
  const byName = new Map<string, URL>();
  for (const { file, url } of files) {
    const other = byName.get(file);
    if (other) throw new Error(`${fileURLToPath(other)} and ${fileURLToPath(url)} have the same name: rename one`);
    byName.set(file, url);
  }
  return Promise.all(
    files.map(async ({ file, url }) => {
      const module = (await import(url.href)) as Readonly<Record<string, T | undefined>>;
      const found = module[exportName];
      if (found === undefined) throw new Error(`${file}.ts does not export "${exportName}"`);
      return { file, found };
    }),
  );
}

async function filesIn(folder: URL): Promise<readonly { readonly file: string; readonly url: URL }[]> {
  const names = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => entry.name)
    .sort();
  if (names.length === 0) throw new Error(`nothing to load in ${fileURLToPath(folder)}`);
  return names.map((name) => ({ file: name.slice(0, -".ts".length), url: new URL(name, folder) }));
}
