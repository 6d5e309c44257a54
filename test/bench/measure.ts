import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PARTS } from "./parts.ts";

// One part of the bench in a process of its own: `node test/bench/measure.ts sketch`. Its lines go to the parent.
const part = PARTS[process.argv[2] ?? ""];
if (!part) throw new Error(`no such part; there are: ${Object.keys(PARTS).join(", ")}`);
const folder = await mkdtemp(join(tmpdir(), "placard-bench-"));
try {
  for await (const line of part(folder)) {
    if (process.send) process.send(line);
    else console.log(JSON.stringify(line));
  }
} finally {
  await rm(folder, { recursive: true, force: true });
  process.disconnect?.();
}
