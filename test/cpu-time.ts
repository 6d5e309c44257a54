/** Processor time of `run` on this thread, in ms: what others do on the machine does not count, as it does by the clock. */
export function cpuMsOf(run: () => unknown): number {
  const before = process.threadCpuUsage();
  run();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}
