import { BoundedMap } from "../lib/bounded-map.ts";

/** A stack with its causes has some thousand. */
const VALUE_MAX_CHARS = 4000;
/** Of one fact. An evening of a busy community has a tenth of it. */
const PER_MINUTE = 600;
const MINUTE_MS = 60_000;
const FACTS_MAX = 1000;

/** One value of a line: what a far end or a member makes long is cut, and says by how much. */
export const cutValue = (text: string): string =>
  text.length > VALUE_MAX_CHARS ? `${text.slice(0, VALUE_MAX_CHARS)}… (${text.length - VALUE_MAX_CHARS} more)` : text;

/** How often one fact may be written: whatever goes wrong a thousand times a second fills no disk. */
export interface FactRate {
  /** "last": it is written, and nothing more of it for the rest of the minute. */
  take(fact: string): "write" | "last" | "drop";
}

export function createFactRate(steadyMs: () => number): FactRate {
  const known = new BoundedMap<{ readonly sinceMs: number; count: number }>(FACTS_MAX);
  return {
    take(fact) {
      const nowMs = steadyMs();
      let window = known.get(fact);
      if (!window || nowMs - window.sinceMs >= MINUTE_MS) {
        window = { sinceMs: nowMs, count: 0 };
        known.set(fact, window);
      }
      window.count += 1;
      if (window.count < PER_MINUTE) return "write";
      return window.count === PER_MINUTE ? "last" : "drop";
    },
  };
}
