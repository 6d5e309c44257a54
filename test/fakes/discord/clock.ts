/** Runs with real time and can be pushed forward, so that 15 minutes take none. */
export interface FakeClock {
  /** Unix ms. Hand it to the bot as its clock too, so that both agree on what has expired. */
  nowMs(): number;
  advanceMs(byMs: number): void;
}

export function fakeClock(startMs = Date.now()): FakeClock {
  const beganMs = performance.now();
  let pushedMs = 0;
  return {
    nowMs: () => Math.floor(startMs + (performance.now() - beganMs) + pushedMs),
    advanceMs(byMs) {
      if (!(byMs >= 0)) throw new Error(`time does not go back: ${byMs}`);
      pushedMs += byMs;
    },
  };
}

/** Stands still until it is pushed: for tests one step before and after a deadline. */
export function steppedClock(startMs = Date.now()): FakeClock {
  let atMs = startMs;
  return {
    nowMs: () => atMs,
    advanceMs(byMs) {
      if (!(byMs >= 0)) throw new Error(`time does not go back: ${byMs}`);
      atMs += byMs;
    },
  };
}

const DISCORD_EPOCH_MS = 1_420_070_400_000;
const COUNTER_BITS = 22n;

/** Ids as Discord makes them: unique, ordered, and they tell when a thing was made. */
export function snowflakes(nowMs: () => number): (madeAtMs?: number) => string {
  let made = 0n;
  return (madeAtMs = nowMs()) => {
    made = (made + 1n) % (1n << COUNTER_BITS);
    return String((BigInt(Math.max(0, Math.floor(madeAtMs) - DISCORD_EPOCH_MS)) << COUNTER_BITS) | made);
  };
}
