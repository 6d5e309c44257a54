import { BoundedMap } from "../../src/lib/bounded-map.ts";
import type { Rate } from "./limits.ts";

interface Bucket {
  readonly tokens: number;
  readonly atMs: number;
}

/** Buckets kept at once; then those used longest ago are forgotten. */
const BUCKETS_MAX = 10_000;

/** Token buckets in memory: a restart forgives everyone, which does no harm. */
export class Throttle {
  readonly #rate: Rate;
  readonly #nowMs: () => number;
  readonly #buckets = new BoundedMap<Bucket>(BUCKETS_MAX);

  constructor(rate: Rate, nowMs: () => number) {
    this.#rate = rate;
    this.#nowMs = nowMs;
  }

  /** Takes `count` tokens. 0: go ahead; otherwise nothing is taken, and this is the wait in ms until there are enough. */
  take(key: string, count = 1): number {
    const tokens = this.#tokensOf(key);
    const waitMs = this.waitMs(key, count);
    this.#buckets.set(key, { tokens: waitMs === 0 ? tokens - count : tokens, atMs: this.#nowMs() });
    return waitMs;
  }

  /** As `take`, taking nothing. */
  waitMs(key: string, count = 1): number {
    const tokens = this.#tokensOf(key);
    return tokens >= count ? 0 : Math.ceil((count - tokens) * this.#rate.refillMs);
  }

  /** Whether nothing was taken lately. */
  full(key: string): boolean {
    return this.#tokensOf(key) >= this.#rate.burst;
  }

  #tokensOf(key: string): number {
    const { burst, refillMs } = this.#rate;
    const bucket = this.#buckets.get(key);
    if (!bucket) return burst;
    const nowMs = this.#nowMs();
    // A clock that went back adds nothing, and is counted from: else nobody were let in until it is there again.
    if (bucket.atMs > nowMs) this.#buckets.set(key, { ...bucket, atMs: nowMs });
    return Math.min(burst, bucket.tokens + Math.max(0, nowMs - bucket.atMs) / refillMs);
  }
}
