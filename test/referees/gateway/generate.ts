import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const HERE = import.meta.dirname;
const TYPES = path.join(HERE, "types.ts");
/** A worker that dies while it generates leaves its lock: the others take over after this. */
const LOCK_STALE_AFTER_MS = 60_000;

const require = createRequire(import.meta.url);
const packageRoot = (name: string, entry: string): string => {
  const resolved = require.resolve(entry);
  return resolved.slice(0, resolved.lastIndexOf(`${path.sep}${name}${path.sep}`) + name.length + 2);
};
const versionOf = (root: string): string =>
  (JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { readonly version: string }).version;

function cacheFolder(modules: string): string {
  for (const folder of [path.join(modules, ".cache", "placard"), path.join(tmpdir(), "placard-cache")])
    try {
      mkdirSync(folder, { recursive: true });
      return folder;
    } catch {
      // Installed read-only: the next place.
    }
  throw new Error("no folder for the gateway schema: neither node_modules/.cache nor the temporary folder is writable");
}

/**
 * The path of the JSON Schema of the gateway's messages, generated from the npm package `discord-api-types` on first use
 * (about 3 s, in a child) and kept until the types or either package change. Any number of workers may ask at once: one
 * generates, the others wait for its file.
 */
export async function gatewaySchema(folder?: string): Promise<string> {
  const types = packageRoot("discord-api-types", "discord-api-types/v10");
  const generator = packageRoot("ts-json-schema-generator", "ts-json-schema-generator");
  const key = createHash("sha256")
    .update([readFileSync(TYPES, "utf8"), versionOf(types), versionOf(generator)].join("\0"))
    .digest("hex")
    .slice(0, 16);
  const kept = path.join(folder ?? cacheFolder(path.dirname(generator)), `discord-gateway-${key}.schema.json`);
  const lock = `${kept}.lock`;
  while (!existsSync(kept)) {
    if (takes(lock))
      try {
        await generate(path.join(generator, "bin", "ts-json-schema-generator.js"), kept);
      } finally {
        rmSync(lock, { recursive: true, force: true });
      }
    else await sleep(50);
  }
  return kept;
}

function takes(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    // Held by another worker, unless that one died.
    const age = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
    if (age !== undefined && Date.now() - age > LOCK_STALE_AFTER_MS) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

async function generate(program: string, kept: string): Promise<void> {
  const draft = `${kept}.${process.pid}.draft`;
  await promisify(execFile)(process.execPath, [
    program,
    ...["--path", TYPES, "--tsconfig", path.join(HERE, "tsconfig.json"), "--type", "Events"],
    ...["--no-top-ref", "--no-type-check", "--additional-properties", "-o", draft],
  ]);
  renameSync(draft, kept);
}
