import { resolve } from "node:path";
import type { Log } from "../ports/log.ts";
import { loadStores, OWN_PARTS } from "./load.ts";
import { readEnvironment } from "./secret-files.ts";
import { coreEnv, readSettings } from "./settings.ts";
import { chooseStorage, type Storage } from "./storage.ts";

const none = () => undefined;
const silent: Log = { debug: none, info: none, warn: none, error: none };

/**
 * An installation's stores for whoever copies or moves it. Nothing is opened or started, and no setting but theirs has to be right.
 *
 * @throws Error naming the settings that are wrong
 */
export async function closedStorage(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly dataDir: string; readonly storage: Storage }> {
  const env = await readEnvironment(environment);
  const { DATA_DIR } = readSettings("the core", coreEnv.pick({ DATA_DIR: true }), env);
  const dataDir = resolve(DATA_DIR);
  const folder = (): never => {
    throw new Error("nothing is opened to make a copy");
  };
  const services = { log: silent, dataDir, folder, lasting: true, nowMs: Date.now, notices: { say: none } };
  return { dataDir, storage: chooseStorage(await loadStores(OWN_PARTS), env, services) };
}
