import { loadAdapters, loadBackends, loadStores, type PartFolders } from "./load.ts";
import { coreEnv } from "./settings.ts";

/** Of the core and of every module, on or off. */
export async function settingNames(parts: PartFolders): Promise<readonly string[]> {
  const modules = (await Promise.all([loadAdapters(parts), loadBackends(parts), loadStores(parts)])).flat();
  return [coreEnv, ...modules.map(({ found }) => found.env)].flatMap(({ shape }) => Object.keys(shape));
}
