import { readFileSync } from "node:fs";
import { z } from "zod";

const { scripts } = z
  .object({ scripts: z.object({ start: z.string().startsWith("node ") }) })
  .parse(JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")));

/** What `npm start` runs, after `node`: flags, then a path from the program's folder. */
export const START_WORDS: readonly string[] = scripts.start.split(" ").slice(1);
/** Of these Node's own: whatever measures the program's code in another process runs with them. */
export const START_FLAGS: readonly string[] = START_WORDS.filter((word) => word.startsWith("--"));
/** What it has the allocator of Linux do (`src/start.js`): whatever measures memory elsewhere does so with them. */
export const START_ALLOCATOR = { MALLOC_ARENA_MAX: "2", MALLOC_MMAP_THRESHOLD_: "32768" } as const;
