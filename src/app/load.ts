import { readdir } from "node:fs/promises";

/**
 * Imports every `*.ts` of a folder, in file-name order, and returns what each exports under `exportName`, with the
 * file's name without suffix. This is what makes "one new file" enough to add a command, a platform or a backend.
 *
 * @throws Error naming the file that lacks the export: a wrong file stops the start, it is never skipped
 */
export async function loadFolder<T>(
  folder: URL,
  exportName: string,
): Promise<readonly { readonly file: string; readonly found: T }[]> {
  const files = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => entry.name)
    .sort();
  if (files.length === 0) throw new Error(`nothing to load in ${folder.pathname}`);
  return Promise.all(
    files.map(async (name) => {
      const module = (await import(new URL(name, folder).href)) as Readonly<Record<string, T | undefined>>;
      const found = module[exportName];
      if (found === undefined) throw new Error(`${name} does not export "${exportName}"`);
      return { file: name.slice(0, -".ts".length), found };
    }),
  );
}
