import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { ButtonAction, CommandsFrom } from "../ports/command.ts";
import type { AdapterModule, BackendModule, StoreModule } from "../ports/module.ts";
import { FORMER_PARTS } from "./former-parts.ts";

/** Where each kind of part is looked for, folder after folder. A folder's address ends in "/". */
export interface PartFolders {
  readonly commands: readonly URL[];
  readonly buttons: readonly URL[];
  readonly adapters: readonly URL[];
  readonly backends: readonly URL[];
  readonly stores: readonly URL[];
  /** Files in them that are none, left there by earlier versions. */
  readonly former: readonly URL[];
}

const ROOT = new URL("../../", import.meta.url);
const own = (path: string): readonly URL[] => [new URL(path, ROOT)];

/** Placard's own parts. */
export const OWN_PARTS: PartFolders = {
  commands: own("commands/"),
  buttons: own("commands/buttons/"),
  adapters: own("adapters/"),
  backends: own("src/backends/"),
  stores: own("src/stores/"),
  former: FORMER_PARTS.flatMap(own),
};

/** What one file brings. */
export interface Loaded<T> {
  /** The file's name without suffix. */
  readonly file: string;
  readonly found: T;
}

/** These five throw what `loadFolders` throws. */
export const loadCommands = async ({ commands, former }: PartFolders): Promise<readonly CommandsFrom[]> =>
  (await loadFolders<CommandsFrom>(commands, "commands", former)).map(({ found }) => found);
export const loadButtons = async ({ buttons, former }: PartFolders): Promise<readonly ButtonAction[]> =>
  (await loadFolders<ButtonAction>(buttons, "button", former)).map(({ found }) => found);
export const loadAdapters = ({ adapters, former }: PartFolders): Promise<readonly Loaded<AdapterModule>[]> =>
  loadFolders(adapters, "module", former);
export const loadBackends = ({ backends, former }: PartFolders): Promise<readonly Loaded<BackendModule>[]> =>
  loadFolders(backends, "module", former);
export const loadStores = ({ stores, former }: PartFolders): Promise<readonly Loaded<StoreModule>[]> =>
  loadFolders(stores, "module", former);

/**
 * Imports every `*.ts` of the folders, in file-name order within each, and returns what each exports under `exportName`. This
 * is what makes "one new file" enough to add a command, a button, a platform, a backend or a store.
 *
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
