import { type Loaded, loadFolders } from "../lib/load-folders.ts";
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
