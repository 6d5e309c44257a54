import { join } from "node:path";
import { lockFile } from "../database.ts";
import { STORE_FILE } from "./layout.ts";

const SQLITE_BUSY = 5;

/**
 * Keeps every Placard out of a data folder. Gives what lets them in again.
 *
 * @param then what is to be done once none is at work there
 * @throws Error for the operator while one is
 */
export function locked(dataDir: string, then: string): () => void {
  try {
    return lockFile(join(dataDir, `${STORE_FILE}.lock`));
  } catch (cause) {
    const busy = cause instanceof Error && cause.cause instanceof Error ? cause.cause : undefined;
    if (busy === undefined || !("errcode" in busy) || busy.errcode !== SQLITE_BUSY) throw cause;
    throw new Error(`Placard is running on ${dataDir}: stop it first (Ctrl-C in its window), then ${then}`, { cause });
  }
}
