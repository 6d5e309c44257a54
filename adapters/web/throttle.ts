import type { Rate } from "./limits.ts";

interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

/** Buckets kept at once; then those used longest ago are forgotten, many at a time, so that forgetting costs little. */
const BUCKETS_MAX = 10_000;
const FORGOTTEN_AT_ONCE = 1000;

/** Token buckets in memory: a restart forgives everyone, which does no harm. */
export class Throttle {
  readonly #rate: Rate;
  readonly #nowMs: () => number;
  /** The one used longest ago first. */
  readonly #buckets = new Map<string, Bucket>();

  constructor(rate: Rate, nowMs: () => number) {
    this.#rate = rate;
    this.#nowMs = nowMs;
  }

  /** Takes one token. 0: go ahead; otherwise the wait in ms until the next one. */
  take(key: string): number {
    const tokens = this.#tokensOf(key);
    const waitMs = this.waitMs(key);
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens: waitMs === 0 ? tokens - 1 : tokens, atMs: this.#nowMs() });
    if (this.#buckets.size > BUCKETS_MAX)
      for (const oldest of [...this.#buckets.keys()].slice(0, FORGOTTEN_AT_ONCE)) this.#buckets.delete(oldest);
    return waitMs;
  }

  /** As `take`, taking nothing. */
  waitMs(key: string): number {
    const tokens = this.#tokensOf(key);
    return tokens >= 1 ? 0 : Math.ceil((1 - tokens) * this.#rate.refillMs);
  }

  /** Whether nothing was taken lately. */
  full(key: string): boolean {
    return this.#tokensOf(key) >= this.#rate.burst;
  }

  #tokensOf(key: string): number {
    const { burst, refillMs } = this.#rate;
    const bucket = this.#buckets.get(key);
    // A clock that goes backwards adds nothing.
    return bucket ? Math.min(burst, bucket.tokens + Math.max(0, this.#nowMs() - bucket.atMs) / refillMs) : burst;
  }
}
