import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import type { PartFolders } from "./load.ts";
import { FILE_SUFFIX, mayBeInFile } from "./secret-files.ts";
import { settingNames } from "./setting-names.ts";
import { likelyTypos } from "./settings.ts";

/** Names in a .env file that are nearly a setting's, a sentence each. */
export async function typosIn(envFile: string, parts: PartFolders): Promise<readonly string[]> {
  const names = await settingNames(parts);
  const inFiles = names.filter(mayBeInFile).map((name) => name + FILE_SUFFIX);
  return likelyTypos(Object.keys(parseEnv(readFileSync(envFile, "utf8"))), [...names, ...inFiles]);
}
