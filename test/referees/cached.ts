import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { compileFunction } from "node:vm";
import type { Ajv, ValidateFunction } from "ajv";
import standalone from "ajv/dist/standalone/index.js";

/** A worker that dies while it makes a file leaves its lock: the others take over after this. */
const LOCK_STALE_AFTER_MS = 60_000;
const require = createRequire(import.meta.url);

/** The folder of an installed package, by something of it that can be imported. */
export function packageRoot(name: string, entry = name): string {
  const resolved = require.resolve(entry);
  const inside = `${path.sep}${name}${path.sep}`;
  return resolved.slice(0, resolved.lastIndexOf(inside) + inside.length - 1);
}
export const versionOf = (name: string, entry = name): string =>
  (
    JSON.parse(readFileSync(path.join(packageRoot(name, entry), "package.json"), "utf8")) as {
      readonly version: string;
    }
  ).version;

function cacheFolder(): string {
  const folder = path.join(path.dirname(packageRoot("ajv")), ".cache", "placard");
  try {
    mkdirSync(folder, { recursive: true });
    return folder;
  } catch {
    // Installed read-only: each process makes its own.
    return mkdtempSync(path.join(tmpdir(), "placard-cache-"));
  }
}

/**
 * The path of a file that is made once and cached until `inputs` change. Any number of workers may ask at once: one makes
 * it, the others wait.
 */
export async function cached(
  name: string,
  inputs: readonly string[],
  make: () => Promise<string>,
  folder = cacheFolder(),
): Promise<string> {
  const key = createHash("sha256").update(inputs.join("\0")).digest("hex").slice(0, 16);
  const file = path.join(folder, `${key}.${name}`);
  const lock = `${file}.lock`;
  while (!existsSync(file)) {
    if (!takes(lock)) {
      await sleep(50);
      continue;
    }
    try {
      const draft = `${file}.${process.pid}.draft`;
      // Somebody may have finished between the look and the lock.
      if (existsSync(file)) break;
      writeFileSync(draft, await make());
      renameSync(draft, file);
    } finally {
      rmSync(lock, { recursive: true, force: true });
    }
  }
  return file;
}

function takes(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    // Held by another worker, unless that one died.
    const heldSinceMs = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
    if (heldSinceMs !== undefined && Date.now() - heldSinceMs > LOCK_STALE_AFTER_MS)
      rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

export type Validators = Readonly<Record<string, ValidateFunction>>;

/** Validators as program text: compiling these schemas takes seconds, loading what came of it 50 ms. */
export const validatorsAsCode = (ajv: Ajv, names: readonly string[]): string =>
  standalone.default(ajv, Object.fromEntries(names.map((name) => [name, name])));

export function loadValidators(file: string): Validators {
  const module = { exports: {} };
  const parameters = ["module", "exports", "require"];
  compileFunction(readFileSync(file, "utf8"), parameters, { filename: file })(module, module.exports, require);
  // What `validatorsAsCode` wrote.
  return module.exports as Validators;
}
