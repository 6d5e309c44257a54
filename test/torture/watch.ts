/** More than this at a stretch and everybody in the program waits. */
export const STALL_MAX_MS = 500;
const LOOK_EVERY_MS = 20;

export interface Watched {
  readonly largestBytes: number;
  readonly stalls: number;
  readonly longestStallMs: number;
}

/**
 * Looks at this process until what it returns is called: its size, and how long its thread worked between two turns. That is
 * processor time: what other programs on the machine take is not counted, nor is a wait in which nothing is computed.
 */
export function watchProcess(): () => Watched {
  let [largestBytes, longestStallMs, stalls] = [0, 0, 0];
  let before = process.threadCpuUsage();
  const look = () => {
    const now = process.threadCpuUsage();
    const stallMs = (now.user + now.system - before.user - before.system) / 1000;
    before = now;
    longestStallMs = Math.max(longestStallMs, stallMs);
    if (stallMs > STALL_MAX_MS) stalls += 1;
    largestBytes = Math.max(largestBytes, process.memoryUsage.rss());
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  return () => {
    clearInterval(timer);
    // The last turn counts as well.
    look();
    return { largestBytes, stalls, longestStallMs };
  };
}
