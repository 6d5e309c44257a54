import type { Round } from "./rounding.ts";

/** Nearly parallel: the straight line is as good, and does not divide by nothing. */
const PARALLEL = 0.9995;

/**
 * Noise on the arc between two noises of one length: `strength` 0 is the first, 1 the second. On the straight line between
 * them noise would lose its strength, and the picture its contrast.
 */
export function slerp(from: Float32Array, to: Float32Array, strength: number, round: Round): Float32Array {
  if (strength <= 0) return from;
  if (strength >= 1) return to;
  let dot = 0;
  let fromSquared = 0;
  let toSquared = 0;
  for (const [at, a] of from.entries()) {
    const b = to[at]!;
    dot += a * b;
    fromSquared += a * a;
    toSquared += b * b;
  }
  const cosine = dot / Math.sqrt(fromSquared * toSquared);
  let [weightFrom, weightTo] = [1 - strength, strength];
  if (Math.abs(cosine) < PARALLEL) {
    const angle = Math.acos(cosine);
    weightFrom = Math.sin((1 - strength) * angle) / Math.sin(angle);
    weightTo = Math.sin(strength * angle) / Math.sin(angle);
  }
  return from.map((a, at) => round(weightFrom * a + weightTo * to[at]!));
}
