import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** How often this machine's disk takes 4 kB and says that they are written. Durable storage can be no quicker than this. */
export async function flushesPerSecond(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "placard-bench-"));
  const file = await open(join(folder, "flush"), "w");
  const startedAtMs = performance.now();
  let count = 0;
  while (performance.now() - startedAtMs < 500) {
    await file.write("x".repeat(4096), 0);
    await file.datasync();
    count += 1;
  }
  const tookMs = performance.now() - startedAtMs;
  await file.close();
  await rm(folder, { recursive: true });
  return Math.round(count / (tookMs / 1000));
}
