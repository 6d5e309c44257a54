import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { LAYOUTS } from "../../src/typesetter/layouts/families.ts";
import { draw } from "../../src/typesetter/painting/draw.ts";
import { START_ALLOCATOR, START_FLAGS } from "../start-command.ts";
import { quantile } from "./core.ts";
import { posterOrder } from "./poster-order.ts";
import type { SketchWorkerAnswer } from "./sketch-worker.ts";

const ROUNDS = 5;

/** Every layout a few times on one core, in one process. `slowest`: the layout with the greatest median, and that, in ms. */
export async function drawnAt(
  widthPx: number,
  heightPx: number,
): Promise<{ readonly medianMs: number; readonly p95Ms: number; readonly slowest: string }> {
  const byLayout: { readonly name: string; readonly medianMs: number; readonly tookMs: readonly number[] }[] = [];
  for (const { name } of LAYOUTS) {
    const tookMs: number[] = [];
    for (let seed = 0; seed < ROUNDS; seed++) {
      const order = posterOrder(name, seed, widthPx, heightPx);
      const startedAtMs = performance.now();
      await draw(order);
      tookMs.push(performance.now() - startedAtMs);
    }
    byLayout.push({ name, medianMs: quantile(tookMs, 0.5), tookMs });
  }
  const all = byLayout.flatMap(({ tookMs }) => tookMs);
  const slowest = byLayout.toSorted((a, b) => b.medianMs - a.medianMs)[0];
  return {
    medianMs: quantile(all, 0.5),
    p95Ms: quantile(all, 0.95),
    slowest: `${slowest?.name} ${slowest?.medianMs.toFixed(0)}`,
  };
}

const PATIENCE_MS = 180_000;

/** What one worker that draws all layouts adds to its process. */
export async function workerMemory(): Promise<SketchWorkerAnswer> {
  const child = fork(join(import.meta.dirname, "sketch-worker.ts"), {
    execArgv: [...START_FLAGS],
    env: { ...process.env, ...START_ALLOCATOR },
  });
  const gone = once(child, "exit").then(([code]) => Promise.reject(new Error(`it ended: ${String(code)}`)));
  // The border of a process: what the file beside this one says.
  const [answer] = (await Promise.race([
    once(child, "message", { signal: AbortSignal.timeout(PATIENCE_MS) }),
    gone,
  ])) as [SketchWorkerAnswer];
  return answer;
}
