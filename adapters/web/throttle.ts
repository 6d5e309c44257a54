import type { Rate } from "./limits.ts";

interface Bucket {
  tokens: number;
  atMs: number;
}

/** Buckets kept at once; full ones are forgotten first, as forgetting them changes nothing. */
const BUCKETS_MAX = 10_000;

/** Token buckets in memory: a restart forgives everyone, which does no harm. */
export class Throttle {
  readonly #rate: Rate;
  readonly #nowMs: () => number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(rate: Rate, nowMs: () => number) {
    this.#rate = rate;
    this.#nowMs = nowMs;
  }

  /** Takes one token. 0: go ahead; otherwise the wait in ms until the next one. */
  take(key: string): number {
    const nowMs = this.#nowMs();
    const { burst, refillMs } = this.#rate;
    const before = this.#buckets.get(key) ?? { tokens: burst, atMs: nowMs };
    // A clock that goes backwards adds nothing.
    const tokens = Math.min(burst, before.tokens + Math.max(0, nowMs - before.atMs) / refillMs);
    const allowed = tokens >= 1;
    this.#buckets.set(key, { tokens: allowed ? tokens - 1 : tokens, atMs: nowMs });
    if (this.#buckets.size > BUCKETS_MAX) this.#forget(nowMs);
    return allowed ? 0 : Math.ceil((1 - tokens) * refillMs);
  }

  #forget(nowMs: number): void {
    const { burst, refillMs } = this.#rate;
    for (const [key, bucket] of this.#buckets)
      if (bucket.tokens + (nowMs - bucket.atMs) / refillMs >= burst) this.#buckets.delete(key);
    if (this.#buckets.size > BUCKETS_MAX) this.#buckets.clear();
  }
}
