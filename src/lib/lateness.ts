/**
 * Tells what came late by how old it is when it is read. The other side's clock may differ from ours: the freshest that was
 * ever read shows by how much, so what counts is how much older something is than that.
 *
 * @param afterMs older than this is late
 */
export function createLateness(afterMs: number): (sentAtMs: number, nowMs: number) => boolean {
  let leastAgeMs = Number.POSITIVE_INFINITY;
  return (sentAtMs, nowMs) => {
    const ageMs = nowMs - sentAtMs;
    leastAgeMs = Math.min(leastAgeMs, ageMs);
    return ageMs - leastAgeMs > afterMs;
  };
}
