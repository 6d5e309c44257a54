import type { RunTime } from "./network.ts";

export const STAGES = ["tokens", "text", "start", "noise", "step", "decode", "bytes", "png"] as const;
/** What a picture's time goes into, in order. "start" is the picture it starts from. */
type Stage = (typeof STAGES)[number];

interface StageTime {
  /** All of it. */
  readonly ms: number;
  /** Of that, inside of the networks' runs. */
  readonly runMs: number;
}

/** Measures stage after stage: each lap's time is all since the lap before. */
export interface Stopwatch {
  lap(stage: Stage): void;
  readonly stages: () => Readonly<Record<Stage, StageTime>>;
}

/** @param time that the networks count in */
export function startStopwatch(time: Readonly<RunTime>): Stopwatch {
  const sums = Object.fromEntries(STAGES.map((stage) => [stage, { ms: 0, runMs: 0 }])) as Record<
    Stage,
    { ms: number; runMs: number }
  >;
  let last = { atMs: performance.now(), runMs: time.runMs };
  return {
    lap(stage) {
      const now = { atMs: performance.now(), runMs: time.runMs };
      sums[stage].ms += now.atMs - last.atMs;
      sums[stage].runMs += now.runMs - last.runMs;
      last = now;
    },
    stages: () => structuredClone(sums),
  };
}
