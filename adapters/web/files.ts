import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const PAGE_FOLDER = path.join(import.meta.dirname, "page");
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

export interface PageFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly etag: string;
}

function pageFile(file: string, type: string): PageFile {
  const bytes = new Uint8Array(readFileSync(file));
  return { bytes, type, etag: `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"` };
}

/** Everything the browser may fetch, by name, read once: a request never becomes a path. */
export function pageFiles(): ReadonlyMap<string, PageFile> {
  const files = new Map<string, PageFile>();
  for (const name of readdirSync(PAGE_FOLDER, { recursive: true, encoding: "utf8" })) {
    const type = TYPES[path.extname(name)];
    if (type) files.set(name.replaceAll(path.sep, "/"), pageFile(path.join(PAGE_FOLDER, name), type));
  }
  const htm = path.dirname(createRequire(import.meta.url).resolve("htm/preact"));
  files.set("vendor/htm-preact.js", pageFile(path.join(htm, "standalone.module.js"), TYPES[".js"]!));
  const icu = path.dirname(createRequire(import.meta.url).resolve("intl-messageformat"));
  files.set("vendor/intl-messageformat.js", pageFile(path.join(icu, "intl-messageformat.iife.js"), TYPES[".js"]!));
  return files;
}
