import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";

// glibc gives every thread that asks for memory an arena, up to eight for each processor core, and keeps what is freed in them:
// while 10,000 sketches were drawn the process grew to 424 and 467 MB in two runs, with two arenas to 354. And once a picture has
// been freed it keeps room for the next ones of that size, in which small things then settle: with a threshold that stays where
// it begins, a picture's memory goes back to the system with it. It begins at 32 KB, the pieces in which V8 takes what it needs
// while it compiles: between them, too, small things settled, 6 MB after a start. Both are read where a process begins, so this
// one begins anew, in its place. Only on Linux is there an allocator of this kind.
const ALLOCATOR = { MALLOC_ARENA_MAX: "2", MALLOC_MMAP_THRESHOLD_: "32768" };
if (
  process.platform === "linux" &&
  process.send === undefined &&
  Object.keys(ALLOCATOR).some((name) => process.env[name] === undefined)
)
  process.execve?.(process.execPath, [process.execPath, ...process.execArgv, ...process.argv.slice(1)], {
    ...ALLOCATOR,
    ...process.env,
  });

// What `npm start` starts. JavaScript, and nothing before it: Node's compiler for TypeScript takes 16 MB and 70 ms from the
// first file that is not in this folder yet, and keeps them. `npm ci` empties the folder; where it cannot be written,
// Placard starts without.
const COMPILED = fileURLToPath(new URL("../node_modules/.cache/compiled", import.meta.url));
enableCompileCache(COMPILED);
// For our worker threads, which do not inherit it otherwise.
process.env["NODE_COMPILE_CACHE"] ??= COMPILED;

await import("./main.ts");
