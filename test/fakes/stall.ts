/**
 * Does `work` and tells how long this thread computed in one go, at most, in ms: for so long nothing else came to its turn.
 * Processor time, so that what other programs on the machine take is not counted.
 */
export async function longestStallMs(work: () => Promise<unknown>): Promise<number> {
  let longestUs = 0;
  let before = process.threadCpuUsage();
  const beat = (): void => {
    const { user, system } = process.threadCpuUsage(before);
    before = process.threadCpuUsage();
    longestUs = Math.max(longestUs, user + system);
  };
  const timer = setInterval(beat, 5);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  beat();
  return longestUs / 1000;
}
