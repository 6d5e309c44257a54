import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Store } from "../../src/ports/store.ts";
import { FLUSH_CHANNEL } from "../../src/stores/sqlite/wal-flush.ts";
import { openSqliteStore } from "../../src/stores/sqlite.ts";
import { accept, claimed, finish, MESSAGE } from "../stores/contract/inputs.ts";

export interface Lives {
  readonly perSecond: number;
  readonly cpuMsPerLife: number;
  /** Of the log; those that SQLite does within a COMMIT, where it does, are not seen. */
  readonly flushesPerLife: number;
  readonly checkpoints: number;
  readonly heldP99Ms: number;
  readonly heldMaxMs: number;
  readonly longestLogMb: number;
}

/** One job from its acceptance to its picture posted: five transactions, each waited for. */
async function live(store: Store, name: string): Promise<void> {
  await accept(store, name);
  const job = await claimed(store);
  const key = { jobId: job.jobId, kind: "job" } as const;
  await store.posted(key, 1, MESSAGE);
  if (!(await finish(store, job))) throw new Error("another attempt owned the job");
  await store.posted(key, 2, MESSAGE);
}

/** The store alone, in a file: `count` lives, `atOnce` of them at the same time. */
export async function storeLives(folder: string, atOnce: number, count: number): Promise<Lives> {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "placard.sqlite");
  const told = { flush: 0, checkpoint: 0 };
  const note = (message: unknown) => {
    told[(message as { readonly what: keyof typeof told }).what] += 1;
  };
  subscribe(FLUSH_CHANNEL, note);
  const store = await openSqliteStore({ file, exclusive: true });
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const cpuBefore = process.cpuUsage();
  const startedAtMs = performance.now();
  let begun = 0;
  let longestLog = 0;
  delay.enable();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (begun < count) {
        begun += 1;
        await live(store, `life ${begun}`);
        if (begun % 50 === 0) longestLog = Math.max(longestLog, statSync(`${file}-wal`).size);
      }
    }),
  );
  delay.disable();
  const tookMs = performance.now() - startedAtMs;
  const { user, system } = process.cpuUsage(cpuBefore);
  const { queued, running } = await store.counts();
  if (queued + running > 0) throw new Error(`${queued + running} of ${count} jobs did not end`);
  await store.close();
  unsubscribe(FLUSH_CHANNEL, note);
  return {
    perSecond: count / (tookMs / 1000),
    cpuMsPerLife: (user + system) / 1000 / count,
    flushesPerLife: told.flush / count,
    checkpoints: told.checkpoint / 2,
    // The clock itself ticks every millisecond.
    heldP99Ms: Math.max(0, delay.percentile(99) / 1e6 - 1),
    heldMaxMs: Math.max(0, delay.max / 1e6 - 1),
    longestLogMb: longestLog / 1e6,
  };
}
