import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * Removes what other systems need of ONNX Runtime.
 *
 * @param folder the package's, with `bin/napi-v6/linux/x64` and the like in it
 * @param mine this system, e.g. `linux/x64`
 * @returns bytes given back; nothing is removed where this system's own part is not there
 */
export function pruneOthers(folder: string, mine: string): number {
  const binaries = readdirSync(join(folder, "bin")).map((napi) => join(folder, "bin", napi));
  const parts = binaries.flatMap((binary) =>
    readdirSync(binary).flatMap((system) =>
      readdirSync(join(binary, system)).map((cpu) => ({ binary, name: `${system}/${cpu}` })),
    ),
  );
  if (!parts.some(({ name }) => name === mine)) return 0;
  const others = parts.filter(({ name }) => name !== mine).map(({ binary, name }) => join(binary, name));
  const bytes = others.reduce((sum, part) => sum + bytesIn(part), 0);
  for (const part of others) rmSync(part, { recursive: true });
  return bytes;
}

const bytesIn = (folder: string): number =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).reduce(
    (sum, file) => sum + statSync(join(folder, file)).size,
    0,
  );
