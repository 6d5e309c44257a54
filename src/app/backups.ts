import { existsSync, realpathSync } from "node:fs";
import { resolve } from "node:path";
import type { Backups } from "../ports/backup.ts";
import type { Log } from "../ports/log.ts";
import { loadStores, OWN_PARTS } from "./load.ts";
import { coreEnv, readSettings, withoutEmpty } from "./settings.ts";
import { chooseStorage } from "./storage.ts";

const none = () => undefined;
const silent: Log = { debug: none, info: none, warn: none, error: none };

/**
 * An installation as its copies see it. Nothing is opened or started, and no setting but its store's has to be right.
 *
 * @throws Error for the operator when its store makes no copies
 */
export async function openBackups(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly dataDir: string; readonly backups: Backups }> {
  const env = withoutEmpty(environment);
  const { DATA_DIR } = readSettings("the core", coreEnv.pick({ DATA_DIR: true }), env);
  const dataDir = resolve(DATA_DIR);
  const folder = (): never => {
    throw new Error("nothing is opened to make a copy");
  };
  const services = { log: silent, dataDir, folder, lasting: true, nowMs: Date.now, notices: { say: none } };
  const { backups } = chooseStorage(await loadStores(OWN_PARTS), env, services);
  if (!backups) throw new Error("your store has its own tools for copies: see its manual");
  // A link to a folder elsewhere: what is put in its place has to be on that disk.
  return { dataDir: existsSync(dataDir) ? realpathSync(dataDir) : dataDir, backups: await backups() };
}
