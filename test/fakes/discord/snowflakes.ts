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
