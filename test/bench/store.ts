import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Store } from "../../src/ports/store.ts";
import { FLUSH_CHANNEL } from "../../src/stores/sqlite/wal-flush.ts";
import { openSqliteStore } from "../../src/stores/sqlite.ts";
import { accept, claimed, finish, MESSAGE, T0 } from "../stores/contract/inputs.ts";
import { type Stall, watchStalls } from "./stall.ts";

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

/** One job from its acceptance to its picture posted: six transactions, each waited for. */
export async function live(store: Store, name: string): Promise<void> {
  await accept(store, name);
  const job = await claimed(store);
  await store.heartbeat(job.jobId, job.attempt, T0, 60_000);
  const key = { jobId: job.jobId, kind: "job" } as const;
  await store.posted(key, 1, MESSAGE);
  if (!(await finish(store, job))) throw new Error("another attempt owned the job");
  await store.posted(key, 2, MESSAGE);
}

/** `count` lives, `atOnce` of them at the same time. @param begun called as each begins */
async function liveAll(store: Store, atOnce: number, count: number, begun: (at: number) => void): Promise<void> {
  let at = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (at < count) {
        at += 1;
        begun(at);
        await live(store, `life ${at}`);
      }
    }),
  );
  const { queued, running } = await store.counts();
  if (queued + running > 0) throw new Error(`${queued + running} of ${count} jobs did not end`);
}

function fileIn(folder: string): string {
  mkdirSync(folder, { recursive: true });
  return join(folder, "placard.sqlite");
}

/** The longest turn of the same. Apart from it, as to look at every turn takes time of its own. */
export async function storeStall(folder: string, atOnce: number, count: number): Promise<Stall> {
  const store = await openSqliteStore({ file: fileIn(folder), exclusive: true });
  const ended = watchStalls();
  await liveAll(store, atOnce, count, () => {});
  const stall = ended();
  await store.close();
  return stall;
}

/** The store alone, in a file. */
export async function storeLives(folder: string, atOnce: number, count: number): Promise<Lives> {
  const file = fileIn(folder);
  const told = { flush: 0, checkpoint: 0 };
  const note = (message: unknown) => {
    told[(message as { readonly what: keyof typeof told }).what] += 1;
  };
  subscribe(FLUSH_CHANNEL, note);
  const store = await openSqliteStore({ file, exclusive: true });
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const cpuBefore = process.cpuUsage();
  const startedAtMs = performance.now();
  let longestLog = 0;
  delay.enable();
  await liveAll(store, atOnce, count, (at) => {
    if (at % 50 === 0) longestLog = Math.max(longestLog, statSync(`${file}-wal`).size);
  });
  delay.disable();
  const tookMs = performance.now() - startedAtMs;
  const { user, system } = process.cpuUsage(cpuBefore);
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
