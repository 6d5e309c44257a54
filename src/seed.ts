import { getRandomValues } from "node:crypto";

/** A uint32 from 1 on. Never 0: SD.Next takes 0 for "draw one" and does not say which it drew. */
export function newSeed(): number {
  for (;;) {
    const [seed = 0] = getRandomValues(new Uint32Array(1));
    if (seed !== 0) return seed;
  }
}
