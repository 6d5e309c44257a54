import { existsSync, realpathSync } from "node:fs";
import type { Backups } from "../ports/backup.ts";
import { closedStorage } from "./closed-storage.ts";

/**
 * An installation as its copies see it.
 *
 * @throws Error for the operator when its store makes no copies
 */
export async function openBackups(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly dataDir: string; readonly backups: Backups }> {
  const { dataDir, storage } = await closedStorage(environment);
  if (!storage.backups) throw new Error("your store has its own tools for copies: see its manual");
  // A link to a folder elsewhere: what is put in its place has to be on that disk.
  return { dataDir: existsSync(dataDir) ? realpathSync(dataDir) : dataDir, backups: await storage.backups() };
}
