import { monitorEventLoopDelay } from "node:perf_hooks";

export interface Stall {
  /** By the clock: what other programs take counts too. */
  readonly ms: number;
  /** The most this thread computed in one iteration of its event loop. */
  readonly cpuMs: number;
}

/** From now on, until what it gives is called: that ends it and says the worst. */
export function watchStalls(): () => Stall {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  let cpuMs = 0;
  let over = false;
  let before = process.threadCpuUsage();
  const tick = () => {
    const { user, system } = process.threadCpuUsage(before);
    before = process.threadCpuUsage();
    cpuMs = Math.max(cpuMs, (user + system) / 1000);
    if (!over) setImmediate(tick);
  };
  tick();
  delay.enable();
  return () => {
    delay.disable();
    over = true;
    // The clock itself ticks every millisecond.
    return { ms: Math.max(0, delay.max / 1e6 - 1), cpuMs };
  };
}

/** The longest time the event loop stood still during `work`. */
export async function longestStall(work: () => Promise<void>): Promise<Stall> {
  const ended = watchStalls();
  await work();
  return ended();
}
