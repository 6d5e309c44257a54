import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";

// glibc gives every thread that asks for memory an arena, up to eight for each processor core, and keeps what is freed in them:
// after 10,000 sketches the process had 400 MB, with two arenas 290. It is read where a process begins, so this one begins anew,
// in its place. Node has that for Linux only, the only system with arenas of this kind.
if (process.platform === "linux" && process.env["MALLOC_ARENA_MAX"] === undefined && process.send === undefined)
  process.execve?.(process.execPath, [process.execPath, ...process.execArgv, ...process.argv.slice(1)], {
    ...process.env,
    MALLOC_ARENA_MAX: "2",
  });

// What `npm start` starts. JavaScript, and nothing before it: Node's compiler for TypeScript takes 16 MB and 70 ms from the
// first file that is not in this folder yet, and keeps them. `npm ci` empties the folder; where it cannot be written,
// Placard starts without.
const COMPILED = fileURLToPath(new URL("../node_modules/.cache/compiled", import.meta.url));
enableCompileCache(COMPILED);
// For our worker threads, which do not inherit it otherwise.
process.env["NODE_COMPILE_CACHE"] ??= COMPILED;

await import("./main.ts");
