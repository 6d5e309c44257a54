/** So many requests in a window of real time. */
interface Rate {
  readonly limit: number;
  readonly perMs: number;
}

export interface Rates {
  /** Over all routes but those of interactions, as Discord counts. */
  readonly global?: Rate;
  /** By operation id; each channel, webhook and server has its own bucket. */
  readonly operations?: Readonly<Record<string, Rate>>;
}

/** What the bucket says to one request. */
export interface Standing {
  readonly headers: Readonly<Record<string, string>>;
  /** Set where the request is one too many. */
  readonly refused?: { readonly retryAfterMs: number; readonly scope: "user" | "global" };
}

interface Window {
  startedAtMs: number;
  used: number;
}

/** Answers for one request of `operation` on `major` (a channel's, webhook's or server's id). */
export function createRates(rates: Rates, nowMs: () => number): (operation: string, major: string) => Standing {
  const windows = new Map<string, Window>();
  const take = (key: string, { limit, perMs }: Rate) => {
    const atMs = nowMs();
    const known = windows.get(key);
    const window = known && atMs - known.startedAtMs < perMs ? known : { startedAtMs: atMs, used: 0 };
    windows.set(key, window);
    window.used += 1;
    return {
      over: window.used > limit,
      left: Math.max(0, limit - window.used),
      resetMs: window.startedAtMs + perMs - atMs,
    };
  };
  return (operation, major) => {
    const isInteraction = /webhook|interaction_response/.test(operation);
    if (rates.global && !isInteraction) {
      const { over, resetMs } = take("global", rates.global);
      if (over) return { headers: {}, refused: { retryAfterMs: resetMs, scope: "global" } };
    }
    const rate = rates.operations?.[operation];
    if (!rate) return { headers: {} };
    const { over, left, resetMs } = take(`${operation}:${major}`, rate);
    const headers = {
      "x-ratelimit-bucket": operation,
      "x-ratelimit-limit": String(rate.limit),
      "x-ratelimit-remaining": String(left),
      "x-ratelimit-reset-after": String(resetMs / 1000),
    };
    return over ? { headers, refused: { retryAfterMs: resetMs, scope: "user" } } : { headers };
  };
}
