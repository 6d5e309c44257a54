import { existsSync, realpathSync } from "node:fs";
import { resolve } from "node:path";
import type { Backups } from "../ports/backup.ts";
import { coreEnv, readSettings, withoutEmpty } from "./settings.ts";

/** An installation as its copies see it. Nothing is opened or started, and no other setting has to be right. */
export async function openBackups(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly dataDir: string; readonly backups: Backups }> {
  const { DATA_DIR } = readSettings("the core", coreEnv.pick({ DATA_DIR: true }), withoutEmpty(environment));
  const { backups } = await import("../stores/sqlite/copies.ts");
  const dataDir = resolve(DATA_DIR);
  // A link to a folder elsewhere: what is put in its place has to be on that disk.
  return { dataDir: existsSync(dataDir) ? realpathSync(dataDir) : dataDir, backups };
}
