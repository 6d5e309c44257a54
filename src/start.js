import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";

// What `npm start` starts. JavaScript, and nothing before it: Node's compiler for TypeScript takes 16 MB and 70 ms from the
// first file that is not in this folder yet, and keeps them. `npm ci` empties the folder; where it cannot be written,
// Placard starts without.
const COMPILED = fileURLToPath(new URL("../node_modules/.cache/compiled", import.meta.url));
enableCompileCache(COMPILED);
// For our worker threads, which do not inherit it otherwise.
process.env["NODE_COMPILE_CACHE"] ??= COMPILED;

await import("./main.ts");
