import { RATES } from "../../adapters/telegram/limits.ts";
import type { Books } from "./books.ts";
import type { Hour } from "./hour.ts";
import type { Calls } from "./platforms.ts";

/** What a peak hour asks of something of which there is only so much. */
export interface Limit {
  readonly what: string;
  /** Of one job, and how much there is in a second, in the same unit. */
  readonly ofAJob: number;
  readonly perSecond: number;
  readonly unit: string;
  /** In the hour, and in its busiest minute; 1: all of it. Absent: what is asked for when it is full is not known. */
  readonly meanShare: number;
  readonly busiestShare?: number;
  /** Jobs an hour, ordered as evenly as these, at which it is full. */
  readonly fullAtJobs: number;
  readonly how: string;
}

/** What this machine was measured to do. */
export interface Machine {
  readonly flushesPerSecond: number;
  readonly cores: number;
  readonly processor: string;
}

/** The main thread's time for one picture through a real adapter, 0.9 MB, as docs/performance.md has it: core and all. */
const ADAPTER_CPU_MS = { discord: 8, telegram: 10.5 } as const;
/** So many transactions share a commit where more come than the disk flushes: `TOGETHER_MAX` of the engine. */
const SHARE_A_FLUSH = 16;
const MINUTE_S = 60;

/** The largest mean of a whole minute, of what is counted by second. */
function busiestMinute(bySecond: (second: number) => number, seconds: number): number {
  let most = 0;
  for (let from = 0; from + MINUTE_S <= seconds; from += MINUTE_S) {
    let sum = 0;
    for (let second = from; second < from + MINUTE_S; second += 1) sum += bySecond(second);
    most = Math.max(most, sum / MINUTE_S);
  }
  return most;
}

/** Those that a job cannot do without: progress is dropped where there is no room for it. */
const needed = ({ press, first, final }: Calls["made"]): number => press + first + final;

/** The nearest limit first. */
export function limitsOf(hour: Hour, { jobs }: Books, machine: Machine): readonly Limit[] {
  const { world, model } = hour;
  const seconds = Math.round(model.orderingMs / 1000);
  const limit = (
    what: string,
    {
      total,
      perSecond,
      unit,
      how,
      busiest,
    }: { total: number; perSecond: number; unit: string; how: string; busiest?: number },
  ): Limit => ({
    what,
    ofAJob: total / jobs,
    perSecond,
    unit,
    meanShare: total / seconds / perSecond,
    ...(busiest === undefined ? {} : { busiestShare: busiest / perSecond }),
    fullAtJobs: (perSecond * 3600) / (total / jobs),
    how,
  });
  const gpus = model.racks.reduce((sum, { pictureMs }) => sum + pictureMs.length, 0);
  const busyMs = (second: number) => world.farEnds.reduce((sum, { busy }) => sum + (busy.get(second) ?? 0), 0);
  const worked = world.farEnds.reduce((sum, { meter }) => sum + meter.usedMs + meter.wastedMs, 0);
  const cpuMs = hour.seconds.reduce((sum, second) => sum + second.cpuMs, 0);
  const adapterMs = adapterCpuMs(hour);
  return [
    limit("GPUs", {
      total: worked / 1000,
      perSecond: gpus,
      unit: "GPU seconds",
      busiest: busiestMinute((second) => busyMs(second) / 1000, seconds),
      how: `${gpus} GPUs`,
    }),
    limit("main thread, the core as simulated", {
      total: cpuMs,
      perSecond: 1000,
      unit: "ms",
      busiest: busiestMinute((second) => hour.seconds[second]?.cpuMs ?? 0, seconds),
      how: "one thread; the simulated members, platforms and GPUs included",
    }),
    limit("main thread, with real adapters and pictures of 0.9 MB", {
      total: adapterMs,
      perSecond: 1000,
      unit: "ms",
      how: `${ADAPTER_CPU_MS.discord} ms a job through Discord, ${ADAPTER_CPU_MS.telegram} ms through Telegram and the rest: docs/performance.md`,
    }),
    limit("disk", {
      total: world.counts.transactions,
      perSecond: machine.flushesPerSecond * SHARE_A_FLUSH,
      unit: "transactions",
      busiest: busiestMinute((second) => world.counts.perSecond.get(second) ?? 0, seconds),
      how: `${machine.flushesPerSecond} flushes, as this machine's disk was just measured, of ${SHARE_A_FLUSH} transactions each`,
    }),
    ...platformLimits(hour, limit),
  ].toSorted((a, b) => a.fullAtJobs - b.fullAtJobs);
}

function adapterCpuMs({ world }: Hour): number {
  let sum = 0;
  for (const { accepted, group } of world.stories.byJob.values())
    if (accepted !== undefined) sum += group.platform === "discord" ? ADAPTER_CPU_MS.discord : ADAPTER_CPU_MS.telegram;
  return sum;
}

function platformLimits(
  { world, model }: Hour,
  limit: (what: string, of: { total: number; perSecond: number; unit: string; how: string; busiest?: number }) => Limit,
): readonly Limit[] {
  const seconds = Math.round(model.orderingMs / 1000);
  return world.platforms.flatMap(({ model: { platform, pace }, calls }) => {
    if (pace.kind === "none") return [];
    const perSecond = pace.kind === "telegram" ? RATES.callsPerSecond : pace.perSecond;
    return [
      limit(platform, {
        total: needed(calls.made),
        perSecond,
        unit: "calls",
        busiest: busiestMinute((second) => calls.perSecond.get(second) ?? 0, seconds),
        how: `${perSecond} calls a second; those that only show progress are left out, but for the busiest minute`,
      }),
    ];
  });
}
