import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import { loadAdapters, loadBackends, loadStores, type PartFolders } from "./load.ts";
import { coreEnv, likelyTypos } from "./settings.ts";

/** Names in a .env file that are nearly a setting's, a sentence each. */
export const typosIn = async (envFile: string, parts: PartFolders): Promise<readonly string[]> =>
  likelyTypos(Object.keys(parseEnv(readFileSync(envFile, "utf8"))), await settingNames(parts));

/** Of the core and of every module, on or off. */
async function settingNames(parts: PartFolders): Promise<readonly string[]> {
  const modules = (await Promise.all([loadAdapters(parts), loadBackends(parts), loadStores(parts)])).flat();
  return [coreEnv, ...modules.map(({ found }) => found.env)].flatMap(({ shape }) => Object.keys(shape));
}
