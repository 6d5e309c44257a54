import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** By which a folder is known again, wherever it is seen from. */
export const MARK_FILE = ".placard-folder";
const MARK = /^[0-9a-f]{32}$/;

/** `undefined`: it has none. @throws what reading fails with */
export async function markOf(folder: string): Promise<string | undefined> {
  try {
    const text = (await readFile(join(folder, MARK_FILE), "utf8")).trim();
    return MARK.test(text) ? text : undefined;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** The folder's mark; makes one, with the folder, where there is none. */
export async function marked(folder: string): Promise<string> {
  const found = await markOf(folder);
  if (found !== undefined) return found;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const mark = randomBytes(16).toString("hex");
  try {
    await writeFile(join(folder, MARK_FILE), `${mark}\n`, { mode: 0o600, flag: "wx", flush: true });
  } catch (error) {
    // Another process was first.
    const theirs = await markOf(folder);
    if (theirs === undefined) throw error;
    return theirs;
  }
  return mark;
}
