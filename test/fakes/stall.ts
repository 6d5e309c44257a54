/** Does `work` and tells for how long nothing else of this thread came to its turn, at most, in ms. */
export async function longestStallMs(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let lastMs = performance.now();
  const beat = (): void => {
    longest = Math.max(longest, performance.now() - lastMs);
    lastMs = performance.now();
  };
  const timer = setInterval(beat, 5);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  beat();
  return longest;
}
