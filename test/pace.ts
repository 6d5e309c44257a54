/** What this work takes on the machine that the limits of `npm test` were set on, with nothing beside it. */
const WORK_MS = 75;

/** For so long a pace once measured is believed: measuring it takes as long as a small test. */
const BELIEVED_MS = 5_000;

/**
 * How many times slower than that machine this one is at the moment: 1 as quick, 2 half as quick. A slower processor and what
 * others do beside it count alike, which no load average tells.
 */
export function paceNow(workMs: number = WORK_MS): number {
  const jobs = Array.from({ length: 200 }, (_, at) => ({
    jobId: `job-${at}`,
    prompt: "a fox ".repeat(9),
    atMs: at * 1.5,
  }));
  const fromMs = performance.now();
  for (let round = 0; round < 400; round += 1) JSON.stringify(JSON.parse(JSON.stringify(jobs)));
  return (performance.now() - fromMs) / workMs;
}

let lately: { readonly pace: number; readonly atMs: number } | undefined;

/**
 * A limit that stands for "does not hang", on the machine as it is now: `maxMs` where it is as quick as the one the limit was set
 * on, as many times more as it is slower, never less. How quick something is belongs into `npm run bench`.
 */
export function atThisPaceMs(maxMs: number): number {
  if (lately === undefined || performance.now() - lately.atMs > BELIEVED_MS)
    lately = { pace: paceNow(), atMs: performance.now() };
  return Math.round(maxMs * Math.max(1, lately.pace));
}
