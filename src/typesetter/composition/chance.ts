/** Deterministic chance from a uint32 seed: integers only, so that every machine draws the same numbers. */
export interface Chance {
  /** 0 ≤ x < 1, in steps of 2^-32. */
  next(): number;
  /** low ≤ x < high */
  between(low: number, high: number): number;
  /** An integer, both ends included. */
  whole(low: number, high: number): number;
  pick<T>(list: readonly [T, ...T[]]): T;
  yes(probability: number): boolean;
  /** Chance of its own for one part of the picture, so that a change in one part does not move the others. */
  fork(name: string): Chance;
}

/** FNV-1a over UTF-16 units. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** @param seed uint32 */
export function chanceFrom(seed: number): Chance {
  // Marsaglia's xorshift32 is stuck at 0 and weak for small seeds, so the seed is mixed first (murmur3's finaliser).
  let state = mix(seed >>> 0) || 0x9e3779b9;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x1_0000_0000;
  };
  return {
    next,
    between: (low, high) => low + (high - low) * next(),
    whole: (low, high) => low + Math.floor(next() * (high - low + 1)),
    pick: (list) => list[Math.floor(next() * list.length)] ?? list[0],
    yes: (probability) => next() < probability,
    fork: (name) => chanceFrom(mix((seed >>> 0) ^ hashText(name))),
  };
}

function mix(value: number): number {
  let h = value ^ (value >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
