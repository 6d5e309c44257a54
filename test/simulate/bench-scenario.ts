import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fakeBackend } from "../../src/backends/fake.ts";
import { createPictureFiles } from "../../src/stores/shared/picture-files.ts";
import { FLUSH_CHANNEL } from "../../src/stores/sqlite/wal-flush.ts";
import { throughput } from "../bench/core.ts";
import { noCounts } from "./counted-engine.ts";
import { peakHour } from "./model.ts";
import { type Platform, platformOf } from "./platforms.ts";
import { startProgram, type World } from "./program.ts";
import { Outside } from "./quiet.ts";
import { Stories } from "./stories.ts";
import { createVirtualClock } from "./virtual-clock.ts";

/** A figure of the bench beside that of the same scenario in the simulator: medians of alternating runs. */
export interface Compared {
  readonly what: string;
  readonly unit: string;
  readonly bench: number;
  readonly simulated: number;
  /** One that has to be alike; the others are for whoever wonders why it is not. */
  readonly counts: boolean;
}

/** Within 20 %. */
export const isLikeBench = ({ bench, simulated, counts }: Compared): boolean =>
  !counts || (simulated >= bench * 0.8 && simulated <= bench * 1.2);

interface Run {
  readonly perSecond: number;
  readonly mainCpuMsPerJob: number;
  readonly flushesPerJob: number;
}

/** @param folder for both, with their files on this machine's disk */
export async function compareWithBench(
  folder: string,
  { jobs, runs }: { readonly jobs: number; readonly runs: number },
): Promise<readonly Compared[]> {
  const bench: Run[] = [];
  const simulated: Run[] = [];
  let transactions = 0;
  // What is loaded and compiled in the first run belongs to neither.
  await throughput(join(folder, "warm-bench"), 200);
  await simulatedThroughput(join(folder, "warm-simulated"), 200);
  for (let run = 0; run < runs; run += 1) {
    bench.push(await withFlushes(jobs, () => throughput(join(folder, `bench-${run}`), jobs)));
    simulated.push(
      await withFlushes(jobs, async () => {
        const result = await simulatedThroughput(join(folder, `simulated-${run}`), jobs);
        transactions = result.transactionsPerJob;
        return result;
      }),
    );
  }
  const row = (what: string, unit: string, pick: (run: Run) => number, counts: boolean): Compared => ({
    what,
    unit,
    bench: median(bench.map(pick)),
    simulated: median(simulated.map(pick)),
    counts,
  });
  return [
    row("commands through the whole core, durable", "jobs/s", ({ perSecond }) => perSecond, true),
    row("main thread for each", "ms", ({ mainCpuMsPerJob }) => mainCpuMsPerJob, true),
    row("flushes for each", "flushes", ({ flushesPerJob }) => flushesPerJob, true),
    { what: "transactions for each", unit: "transactions", bench: Number.NaN, simulated: transactions, counts: false },
  ];
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

async function withFlushes(jobs: number, work: () => Promise<Omit<Run, "flushesPerJob">>): Promise<Run> {
  let flushes = 0;
  const note = (message: unknown) => {
    if ((message as { readonly what: string }).what === "flush") flushes += 1;
  };
  subscribe(FLUSH_CHANNEL, note);
  try {
    return { ...(await work()), flushesPerJob: flushes / jobs };
  } finally {
    unsubscribe(FLUSH_CHANNEL, note);
  }
}

/** As `throughput` of the bench does it, but over the simulator's clock, platform and counted store, with the disk it has. */
async function simulatedThroughput(
  folder: string,
  jobs: number,
): Promise<Omit<Run, "flushesPerJob"> & { readonly transactionsPerJob: number }> {
  const { world, clock, platform, shown } = benchWorld(folder);
  const life = clock.life();
  const program = await startProgram(world, life, {
    disk: "real",
    backends: [fakeBackend({ clock, delayMs: 0, steps: 1, usedMs: 1, facts: { concurrency: 4 } })],
  });
  const order = (n: number, member: number) => {
    const id = `web:m${member}`;
    const place = { platform: "web", chatId: "c1", group: true };
    return platform.events()?.invoked({
      updateId: `web:u${n}`,
      member: { id, name: id, admin: false },
      target: { place, memberId: id },
      commandName: "rca",
      raw: { text: `a red fox seed:${n}` },
      attachments: [],
    });
  };
  const mainBefore = process.threadCpuUsage();
  const startedAtMs = performance.now();
  for (let sent = 0; sent < jobs; sent += 50)
    await Promise.all(Array.from({ length: 50 }, (_, index) => order(sent + index, index % 10)));
  await program.app.idle();
  const tookMs = performance.now() - startedAtMs;
  const { user, system } = process.threadCpuUsage(mainBefore);
  const stopping = program.app.stop();
  await clock.runTo(clock.nowMs() + 10_000);
  await stopping;
  if (shown.good !== jobs) throw new Error(`${shown.good} of ${jobs} pictures were shown in the simulation`);
  return {
    perSecond: jobs / (tookMs / 1000),
    mainCpuMsPerJob: (user + system) / 1000 / jobs,
    transactionsPerJob: world.counts.transactions / jobs,
  };
}

function benchWorld(folder: string) {
  mkdirSync(folder, { recursive: true });
  const hour = peakHour(1, 1);
  const outside = new Outside();
  const clock = createVirtualClock(1_790_000_000_000, outside);
  const shown = { good: 0 };
  const platform: Platform = platformOf(
    { platform: "web", share: 1, callMs: 0, pace: { kind: "none" }, whileAway: "said again" },
    { clock, outside },
    ({ view }) => {
      if (view.tone === "good") shown.good += 1;
    },
  );
  const files = createPictureFiles(join(folder, "pictures"));
  let seed = 0;
  const world: World = {
    model: {
      ...hour,
      installation: { capacityGpuMs: 1_000_000_000, chatCapGpuMs: 0, maxOpenJobs: 10_000 },
    },
    folder,
    platforms: [platform],
    farEnds: [],
    files: { ...files, save: (...what) => outside.during(() => files.save(...what)) },
    stories: new Stories(),
    counts: noCounts(),
    outside,
    flushes: { count: 0 },
    logged: new Map(),
    refused: new Map(),
    startMs: clock.nowMs(),
    newSeed: () => (seed += 1),
  };
  return { world, clock, platform, shown };
}
