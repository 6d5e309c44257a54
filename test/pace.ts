/** What this work takes on the machine that the limits of `npm test` were set on, with nothing beside it. */
const WORK_MS = 75;

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
